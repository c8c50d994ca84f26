//! Databases.

use super::Format;

pub mod cassandra;
pub mod couchdb;
pub mod elasticsearch;
pub mod elasticsearch_json;
pub mod mongodb;
pub mod mongodb_json;
pub mod mysql;
pub mod mysql_audit;
pub mod mysql_audit_json;
pub mod oracle_audit;
pub mod postgresql;
pub mod redis;
pub mod sqlserver;

/// In the order in which structure is asked: the more particular first.
pub static FORMATS: &[&dyn Format] = &[
    &mysql_audit::MysqlAudit,
    &mysql::Mysql,
    &oracle_audit::OracleAudit,
    &sqlserver::Sqlserver,
    &mongodb::Mongodb,
    &redis::Redis,
    &elasticsearch::Elasticsearch,
    &elasticsearch_json::ELASTICSEARCH_JSON,
    &mongodb_json::MONGODB_JSON,
    &mysql_audit_json::MYSQL_AUDIT_JSON,
    &couchdb::Couchdb,
    &cassandra::Cassandra,
    &postgresql::Postgresql,
];
