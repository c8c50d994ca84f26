//! RSA Authentication Manager.

use crate::{
    Event,
    envelope::{Line, iso_stamp},
    field,
    formats::{Example, Format, LogSource, Reject, Structure},
    pairs::set_own,
    scan::{integer, reject, set_destination, set_some, set_source},
    table::Cells,
};

/// Administration, runtime and system messages, cells between commas.
pub struct RsaSecurid;

const OWN: &str = "rsa.securid.";

impl Format for RsaSecurid {
    fn name(&self) -> &'static str {
        "rsa_securid"
    }
    fn category(&self) -> &'static str {
        "authentication"
    }
    fn product(&self) -> &'static str {
        "RSA SecurID Authentication Manager"
    }
    fn about(&self) -> &'static str {
        "messages of the administration, runtime and system logs (community.rsa.com, \"RSA Authentication Manager Log Messages\", Message Formats)"
    }
    fn logsource(&self) -> LogSource {
        LogSource { category: "", product: "rsa", services: &["securid"] }
    }
    fn structure(&self) -> Structure {
        Structure::Holds(&["audit.runtime.com.rsa.", "audit.admin.com.rsa.", "system.com.rsa."])
    }
    fn recognises(&self, message: &[u8]) -> bool {
        Message::read(message).is_some()
    }
    fn parse<'r>(&self, line: &Line<'r>, event: &mut Event<'r>) -> Result<(), Reject> {
        Message::read(line.message).ok_or(reject("securid_cells"))?.describe(line, event);
        Ok(())
    }
    fn examples(&self) -> &'static [Example] {
        EXAMPLES
    }
}

/// Cells up to the last that is read: the decimals of the time stand behind a comma of their own.
const CELLS: usize = 20;

/// `[date ]time,decimals, host, logger, LEVEL, id,instance,client,server,ACTION,code,RESULT,reason,session,…`
struct Message<'r> {
    cells: [&'r [u8]; CELLS],
}

const HOST: usize = 2;
const LOGGER: usize = 3;
const LEVEL: usize = 4;
const INSTANCE: usize = 6;
const CLIENT: usize = 7;
const SERVER: usize = 8;
const ACTION: usize = 9;
const CODE: usize = 10;
const RESULT: usize = 11;
const REASON: usize = 12;
/// Who signs in, by number and by name.
const RUNTIME: [usize; 2] = [14, 17];
/// Who administers.
const ADMIN: [usize; 2] = [15, 18];

impl<'r> Message<'r> {
    fn read(text: &'r [u8]) -> Option<Message<'r>> {
        let mut cells: [&[u8]; CELLS] = [b""; CELLS];
        for (cell, place) in Cells::new(text).zip(&mut cells) {
            *place = cell.text.trim_ascii();
        }
        let decimals = cells[1].len() == 3 && integer(cells[1]).is_some();
        let of_rsa = memchr::memmem::find(cells[LOGGER], b"com.rsa.").is_some();
        (decimals && of_rsa && integer(cells[CODE]).is_some()).then_some(Message { cells })
    }

    fn describe(&self, line: &Line<'r>, event: &mut Event<'r>) {
        let cell = |at: usize| self.cells[at];
        // a relay may have kept the date for its own header
        if let Some((_, stamp, _)) = iso_stamp(line.message).filter(|_| line.stamp.is_none()) {
            event.set_stamp(field::TIMESTAMP, stamp);
        }
        for (field, at) in [
            (field::OBSERVER_HOSTNAME, HOST),
            (field::LOG_LOGGER, LOGGER),
            (field::LOG_LEVEL, LEVEL),
            (field::OBSERVER_SERIAL_NUMBER, INSTANCE),
            (field::EVENT_ACTION, ACTION),
            (field::EVENT_CODE, CODE),
            (field::EVENT_REASON, REASON),
        ] {
            set_some(event, field, cell(at));
        }
        set_source(event, cell(CLIENT));
        set_destination(event, cell(SERVER));
        let logger = cell(LOGGER);
        let runtime = logger.starts_with(b"audit.runtime.");
        if runtime || logger.starts_with(b"audit.admin.") {
            let [id, name] = if runtime { RUNTIME } else { ADMIN };
            set_some(event, field::USER_ID, cell(id));
            set_some(event, field::USER_NAME, cell(name));
        }
        if !cell(RESULT).is_empty() {
            set_own(event, OWN, b"result", cell(RESULT));
        }
        let outcome = match cell(RESULT) {
            b"SUCCESS" => "success",
            b"FAIL" | b"FAILURE" => "failure",
            _ => "",
        };
        match runtime {
            true if cell(ACTION).starts_with(b"AUTHN_") => event.classify("authentication", "start", "", outcome),
            true => event.classify("authentication", "info", "", outcome),
            false if logger.starts_with(b"audit.admin.") => event.classify("iam", "change", "", outcome),
            false => event.classify("configuration", "info", "", outcome),
        }
    }
}

static EXAMPLES: &[Example] = &[
    Example {
        raw: "2026-11-22 09:14:07,377, am1.example.com, audit.runtime.com.rsa.ims.authn.impl.AuthenticationBrokerImpl, ERROR, 6b746adf1d06,0e34d92f7c65,203.0.113.66,192.0.2.5,AUTHN_LOGIN_EVENT,13002,FAIL,AUTHN_METHOD_FAILED,e7ec7ff5-L0,39b1319237f9,09f1f5fc30e9,000000000000,anna,Anna,Weber,09f1f5fc30e9",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07.377Z"),
            ("destination.address", "192.0.2.5"),
            ("destination.ip", "192.0.2.5"),
            ("event.action", "AUTHN_LOGIN_EVENT"),
            ("event.category", "authentication"),
            ("event.code", "13002"),
            ("event.outcome", "failure"),
            ("event.reason", "AUTHN_METHOD_FAILED"),
            ("event.type", "start"),
            ("log.level", "ERROR"),
            ("log.logger", "audit.runtime.com.rsa.ims.authn.impl.AuthenticationBrokerImpl"),
            ("observer.hostname", "am1.example.com"),
            ("observer.serial_number", "0e34d92f7c65"),
            ("rsa.securid.result", "FAIL"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("user.id", "39b1319237f9"),
            ("user.name", "anna"),
        ],
    },
    Example {
        raw: "09:14:08,183, am1.example.com, audit.admin.com.rsa.authmgr.internal.admin.tokenmgt.impl.TokenAdministrationImpl, INFO, 1c91aa9d56d6,0e34d92f7c65,192.0.2.10,192.0.2.5,AM_UNLINK_TOKEN_PRINCIPAL,20046,SUCCESS,,e7ec7ff5-L0,,000000000000,000000000000,000000000000,admin,Admin,Admin,AM_TOKEN",
        expect: &[
            ("destination.address", "192.0.2.5"),
            ("destination.ip", "192.0.2.5"),
            ("event.action", "AM_UNLINK_TOKEN_PRINCIPAL"),
            ("event.category", "iam"),
            ("event.code", "20046"),
            ("event.outcome", "success"),
            ("event.type", "change"),
            ("log.level", "INFO"),
            ("log.logger", "audit.admin.com.rsa.authmgr.internal.admin.tokenmgt.impl.TokenAdministrationImpl"),
            ("observer.hostname", "am1.example.com"),
            ("observer.serial_number", "0e34d92f7c65"),
            ("rsa.securid.result", "SUCCESS"),
            ("source.address", "192.0.2.10"),
            ("source.ip", "192.0.2.10"),
            ("user.id", "000000000000"),
            ("user.name", "admin"),
        ],
    },
    Example { raw: "09:14:08,183, am1.example.com, audit.admin.com.rsa.authmgr", expect: &[] },
];
