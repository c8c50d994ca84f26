//! What applications call things: names of JSON and logfmt keys that mean the same ECS field, and what follows from
//! them once a record has been read.

use std::borrow::Cow;

use crate::{
    Event, Field, Value, field,
    pairs::own_field,
    scan::{integer, ip, set_source},
    signin, time,
    web::{set_url, split_port},
};

/// The field that a key means, whatever its case and whether its words are joined by `_`, `-` or nothing; a dotted ECS
/// name is itself.
pub fn field(key: &str) -> Option<Field> {
    if key.contains('.') {
        return Field::known(key);
    }
    let mut word = [0_u8; 24];
    let mut len = 0;
    for byte in key.bytes().filter(|b| !matches!(b, b'_' | b'-')) {
        *word.get_mut(len)? = byte.to_ascii_lowercase();
        len += 1;
    }
    Some(match &word[..len] {
        b"time" | b"timestamp" | b"@timestamp" | b"ts" | b"t" | b"date" | b"datetime" | b"eventtime" | b"asctime" => {
            field::TIMESTAMP
        }
        b"level" | b"lvl" | b"loglevel" | b"levelname" | b"severity" | b"@level" => field::LOG_LEVEL,
        b"msg" | b"message" | b"@message" | b"shortmessage" => field::MESSAGE,
        b"logger" | b"loggername" | b"caller" => field::LOG_LOGGER,
        b"app" | b"application" | b"service" | b"servicename" | b"appname" => field::SERVICE_NAME,
        b"hostname" | b"@host" => field::HOST_NAME,
        b"pid" | b"processid" => field::PROCESS_PID,
        b"thread" | b"threadname" => field::PROCESS_THREAD_NAME,
        b"user" | b"username" | b"login" | b"account" | b"principal" => field::USER_NAME,
        b"userid" | b"uid" => field::USER_ID,
        b"email" | b"useremail" => field::USER_EMAIL,
        b"ip" | b"clientip" | b"remoteip" | b"remoteaddr" | b"remoteaddress" | b"srcip" | b"sourceip"
        | b"ipaddress" | b"clientaddress" | b"peer" | b"remote" | b"sourceipaddress" => field::SOURCE_IP,
        b"srcport" | b"sourceport" | b"clientport" | b"remoteport" => field::SOURCE_PORT,
        b"dstip" | b"destip" | b"destinationip" => field::DESTINATION_IP,
        b"dstport" | b"destport" | b"destinationport" => field::DESTINATION_PORT,
        b"method" | b"httpmethod" | b"requestmethod" => field::HTTP_METHOD,
        b"url" | b"uri" | b"requesturi" | b"requesturl" | b"requestpath" => field::URL_ORIGINAL,
        b"statuscode" | b"httpstatus" | b"responsecode" => field::HTTP_STATUS,
        b"useragent" | b"httpuseragent" => field::USER_AGENT,
        b"referer" | b"referrer" | b"httpreferer" => field::HTTP_REFERRER,
        b"requestid" | b"reqid" => field::HTTP_REQUEST_ID,
        b"action" | b"eventname" => field::EVENT_ACTION,
        b"outcome" => field::EVENT_OUTCOME,
        b"error" | b"err" | b"errormessage" | b"exception" => field::ERROR_MESSAGE,
        b"errorcode" | b"errcode" => field::ERROR_CODE,
        b"stack" | b"stacktrace" => field::ERROR_STACK_TRACE,
        b"traceid" => field::TRACE_ID,
        b"spanid" => field::SPAN_ID,
        b"transactionid" => field::TRANSACTION_ID,
        _ => return None,
    })
}

/// Settles what was read under these names: the time, whether an address is one, the parts of a URL, a status that is a
/// number, the sign-in that failed. `prefix` is the format's own; a host that the envelope named stays.
pub fn settle(prefix: &'static str, event: &mut Event<'_>) {
    settle_time(prefix, event);
    for one in [field::MESSAGE, field::PROCESS_PID, field::PROCESS_NAME] {
        event.keep_last(one);
    }
    keep_first(field::HOST_NAME, event);
    settle_address(event);
    settle_url(prefix, event);
    settle_status(prefix, event);
    for number in [field::HTTP_STATUS, field::SOURCE_PORT, field::DESTINATION_PORT, field::PROCESS_PID] {
        settle_number(number, event);
    }
    settle_outcome(event);
}

/// The last value of a field as bytes of its own, the field removed.
fn take(field: Field, event: &mut Event<'_>) -> Option<Vec<u8>> {
    let value = event.all(field).last()?;
    let bytes = event.value_bytes(value).map(Cow::into_owned);
    event.remove(field);
    bytes
}

fn keep_first(field: Field, event: &mut Event<'_>) {
    if event.all(field).nth(1).is_some()
        && let Some(first) = event.get(field)
    {
        event.remove(field);
        event.push(field, first);
    }
}

/// A time that no notation explains stays as text under the format's own name.
pub(crate) fn settle_time(prefix: &'static str, event: &mut Event<'_>) {
    let Some(value) = event.get(field::TIMESTAMP) else { return };
    let stamp = event.value_bytes(value).and_then(|text| time::read(&text));
    event.remove(field::TIMESTAMP);
    match (stamp, own_field(prefix, b"timestamp")) {
        (Some(stamp), _) => event.set_stamp(field::TIMESTAMP, stamp),
        (None, Some(own)) => event.push(own, value),
        (None, None) => {}
    }
}

/// `192.0.2.1:51515` is an address and a port, a name is no address.
fn settle_address(event: &mut Event<'_>) {
    let Some(value) = event.get(field::SOURCE_IP) else { return };
    if event.value_bytes(value).is_some_and(|text| ip(&text).is_some_and(|(bare, _)| bare.len() == text.len())) {
        return;
    }
    let Some(text) = take(field::SOURCE_IP, event) else { return };
    let first = text.split(|b| *b == b',').next().unwrap_or_default().trim_ascii();
    let (host, port) = if ip(first).is_some() { (first, None) } else { split_port(first) };
    set_source(event, host);
    if let Some(port) = port.and_then(integer) {
        event.set_int(field::SOURCE_PORT, port);
    }
}

/// Where there is a method, a `path` is a URL's.
fn settle_url(prefix: &'static str, event: &mut Event<'_>) {
    let path = event.get(field::HTTP_METHOD).and_then(|_| own_field(prefix, b"path"));
    let url = take(field::URL_ORIGINAL, event).or_else(|| take(path?, event));
    if let Some(url) = url {
        set_url(event, &url);
    }
}

/// Where there is a method, a `status` between 100 and 599 is HTTP's.
fn settle_status(prefix: &'static str, event: &mut Event<'_>) {
    let Some(own) = event.get(field::HTTP_METHOD).and_then(|_| own_field(prefix, b"status")) else { return };
    if let Some(status) = event.int(own).filter(|status| (100..600).contains(status)) {
        event.remove(own);
        event.set_int(field::HTTP_STATUS, status);
    }
}

fn settle_number(field: Field, event: &mut Event<'_>) {
    let Some(value) = event.get(field).filter(|value| !matches!(value, Value::Int(_))) else { return };
    if let Some(number) = event.value_bytes(value).and_then(|text| integer(&text)) {
        event.remove(field);
        event.set_int(field, number);
    }
}

/// A failed sign-in is one for which the record names a user or an address.
fn settle_outcome(event: &mut Event<'_>) {
    let named = event.get(field::USER_NAME).is_some() || event.get(field::SOURCE_IP).is_some();
    let said = |field| event.bytes(field).is_some_and(|text| signin::is_failed(&text));
    if named && [field::EVENT_ACTION, field::MESSAGE, field::ERROR_MESSAGE].into_iter().any(said) {
        for classified in [field::EVENT_CATEGORY, field::EVENT_TYPE, field::EVENT_OUTCOME] {
            event.remove(classified);
        }
        event.classify("authentication", "start", "", "failure");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spelling_does_not_matter() {
        for key in ["client_ip", "clientIp", "Client-IP", "source.ip"] {
            assert_eq!(field(key), Some(field::SOURCE_IP), "{key}");
        }
        assert_eq!(field("unheard_of"), None);
        assert_eq!(field("a_key_that_is_far_too_long_to_be_any_of_these"), None);
    }
}
