use super::{
    bulk::{Refused, actions},
    lines::Content,
    splunk::events,
    *,
};
use crate::journal::{Journal, Options};

fn raws(content: Content, body: &str) -> Vec<String> {
    let items = content.read(body.as_bytes()).unwrap();
    items.iter().map(|item| String::from_utf8_lossy(&item.raw).into_owned()).collect()
}

fn wrong_line(content: Content, body: &str) -> (usize, usize) {
    match content.read(body.as_bytes()) {
        Err(BadBody::Line { line, before, .. }) => (line, before),
        other => panic!("{body}: {other:?}"),
    }
}

#[test]
fn lines_are_records_and_empty_ones_are_none() {
    assert_eq!(raws(Content::Lines, "one\r\n\n two \nthree"), ["one", " two ", "three"]);
    assert!(raws(Content::Lines, "\n\n").is_empty());
}

#[test]
fn an_object_per_line_is_kept_byte_for_byte_and_a_replays_gives_its_raw() {
    let body = "{\"a\" : 1.0}\n\n{\"raw\":\"one\\ntwo\",\"host\":\"web1\",\"source\":\"/var/log/apt/history.log\",\
                \"received\":\"2026-11-22T01:53:02Z\",\"transport\":\"tls\"}\n{\"raw\":\"x\",\"level\":\"info\"}\n";
    let items = Content::NdJson.read(body.as_bytes()).unwrap();
    assert_eq!(items[0], Item::plain(b"{\"a\" : 1.0}"));
    assert_eq!(&*items[1].raw, b"one\ntwo");
    assert_eq!((items[1].host.as_deref(), items[1].path.as_deref()), (Some("web1"), Some("/var/log/apt/history.log")));
    assert_eq!(items[2], Item::plain(b"{\"raw\":\"x\",\"level\":\"info\"}"), "an application's own `raw`");
}

#[test]
fn json_comes_in_arrays_and_one_after_the_other() {
    let expected = ["{\"a\":1}", "{ \"b\":[2] }"];
    assert_eq!(raws(Content::Json, "[{\"a\":1}, { \"b\":[2] }]"), expected);
    assert_eq!(raws(Content::Json, "{\"a\":1}{ \"b\":[2] }\n"), expected);
    assert!(raws(Content::Json, "[]").is_empty() && raws(Content::Json, " ").is_empty());
}

#[test]
fn the_wrong_line_is_named() {
    assert_eq!(wrong_line(Content::NdJson, "{\"a\":1}\n\n{\"b\":\n"), (3, 1));
    assert_eq!(wrong_line(Content::NdJson, "plain"), (1, 0));
    assert_eq!(wrong_line(Content::NdJson, "{\"a\":1} x"), (1, 0));
    assert_eq!(wrong_line(Content::Json, "[{\"a\":1},\n\n7]"), (3, 1));
    assert_eq!(wrong_line(Content::Json, "{\"a\":1}\n{\"b\""), (2, 1));
    assert_eq!(wrong_line(Content::Json, "{\"a\":1}\n[]"), (2, 1));
    let deep = format!("{{\"a\":{}", "[".repeat(100_000));
    assert_eq!(wrong_line(Content::NdJson, &deep), (1, 0));
}

#[test]
fn more_records_than_the_limit_are_too_many() {
    let body = "x\n".repeat(MAX_RECORDS + 1);
    assert_eq!(Content::Lines.read(body.as_bytes()), Err(BadBody::TooMany));
    assert_eq!(Content::Lines.read(&body.as_bytes()[2..]).unwrap().len(), MAX_RECORDS);
    assert_eq!(Content::Json.read("{}".repeat(MAX_RECORDS + 1).as_bytes()), Err(BadBody::TooMany));
}

#[test]
fn splunks_events_follow_each_other_and_a_wrong_one_has_its_number() {
    let two = "{\"event\":\"a\",\"host\":\"web1\"} {\"time\":1.5,\n\"event\":{\"b\":1}}";
    let items = events(two.as_bytes()).unwrap();
    assert_eq!(&*items[1].raw, b"{\"time\":1.5,\n\"event\":{\"b\":1}}");
    for (body, code, number, records) in [
        ("", 5, None, 0),
        ("{\"event\":\"a\"}{\"host\":\"web1\"}", 12, Some(1), 2),
        ("{\"event\":null}", 12, Some(0), 1),
        ("{\"event\":\"\"}", 13, Some(0), 1),
        ("{\"event\":\"a\"} nonsense", 6, Some(1), 2),
        ("[{\"event\":\"a\"}]", 6, Some(0), 1),
    ] {
        let bad = events(body.as_bytes()).unwrap_err();
        assert_eq!((bad.code().0, bad.code().2, bad.records()), (code, number, records), "{body}");
    }
}

#[test]
fn a_bulk_body_is_answered_item_by_item() {
    let body = b"{\"create\":{\"_index\":\"logs\"}}\n{\"message\":\"a\"}\n{\"index\":{\"_id\":\"7\"}}\n not json\n\
                 {\"delete\":{\"_id\":\"1\"}}\n{\"update\":{\"_id\":\"1\"}}\n{\"doc\":{}}\n{\"index\":{}}\n{\"b\": 2}\n";
    let actions = actions(body).unwrap();
    assert_eq!(actions.iter().map(|a| a.verb).collect::<Vec<_>>(), ["create", "index", "delete", "update", "index"]);
    assert_eq!(actions[0].document, Ok(Item::plain(b"{\"message\":\"a\"}")));
    assert_eq!(actions[0].index.as_deref(), Some("logs"));
    assert!(matches!(&actions[1].document, Err(Refused::Document { line: 4, .. })), "{actions:?}");
    assert_eq!(actions[2].document, Err(Refused::Verb("delete")));
    assert_eq!(actions[4].document, Ok(Item::plain(b"{\"b\": 2}")));
}

#[test]
fn an_action_that_cannot_be_read_refuses_the_whole_body() {
    for (body, wrong) in [
        (&b"{\"create\":{}}\n{}\nnonsense\n{}\n"[..], 3),
        (b"{\"create\":{}}\n", 1),
        (b"{\"create\":{},\"index\":{}}\n{}\n", 1),
        (b"{\"drop\":{}}\n{}\n", 1),
    ] {
        assert!(matches!(actions(body), Err(BadBody::Line { line, .. }) if line == wrong), "{:?}", actions(body));
    }
}

fn receiver(folder: &std::path::Path) -> (Journal, Receiver) {
    let (journal, _) = Journal::open(folder, Options::default(), metrics::Metrics::new()).unwrap();
    let address = "127.0.0.1:9514".parse().unwrap();
    let config = HttpConfig { max_line: Size(8), ..HttpConfig::new(address) };
    let receiver = Receiver::new(&config, address, journal.appender()).unwrap();
    (journal, receiver)
}

const PEER: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 7));

#[tokio::test]
async fn success_means_on_disk_and_a_long_record_is_cut() {
    let folder = tempfile::tempdir().unwrap();
    let (journal, receiver) = receiver(folder.path());
    let mut items = lines::lines(b"short\nmuch too long\nend").unwrap();
    items[2].host = Some("web1".into());
    let packed = receiver.pack(PEER, &items);
    assert_eq!((packed.records, packed.truncated), (3, 1));
    let position = receiver.append(packed).await.unwrap();
    assert!(*journal.durable().borrow() >= position && position > 0);
    let counts = receiver.counters.counts();
    assert_eq!((counts.journalled, counts.truncated, counts.received()), (3, 1, 3));
    assert_eq!(receiver.append(receiver.pack(PEER, &[])).await.unwrap(), 0);
}

#[tokio::test]
async fn a_journal_without_room_takes_nothing_of_a_request_and_counts_it() {
    let folder = tempfile::tempdir().unwrap();
    let (journal, receiver) = receiver(folder.path());
    let room = journal.appender().hold_room().await;
    let items = lines::lines(b"a\nb").unwrap();
    assert!(matches!(receiver.append(receiver.pack(PEER, &items)).await, Err(NotSynced::Busy)));
    drop(room);
    let counts = receiver.counters.counts();
    assert_eq!((counts.journalled, counts.rejected[Rejected::Busy as usize], counts.received()), (0, 2, 2));
}

#[tokio::test]
async fn a_request_of_many_hosts_spans_batches_and_is_all_there() {
    let folder = tempfile::tempdir().unwrap();
    let (_journal, receiver) = receiver(folder.path());
    let items: Vec<_> = (0..1_000).map(|n| Item { host: Some(format!("h{n}").into()), ..Item::plain(b"x") }).collect();
    let packed = receiver.pack(PEER, &items);
    assert!(packed.batches.len() > 1);
    receiver.append(packed).await.unwrap();
    assert_eq!(receiver.counters.counts().journalled, 1_000);
}

#[tokio::test]
async fn all_requests_together_hold_no_more_than_the_budget() {
    let folder = tempfile::tempdir().unwrap();
    let (_journal, receiver) = receiver(folder.path());
    let (mut one, mut other) = (receiver.hold(), receiver.hold());
    assert!(one.more(BUDGET.0 as usize - 10) && other.more(10));
    assert!(!other.more(1) && !receiver.hold().more(1));
    drop(one);
    assert!(other.more(1));
}
