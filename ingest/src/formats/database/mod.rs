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
pub mod mysql_audit_xml;
pub mod oracle_audit;
pub mod postgresql;
pub mod postgresql_json;
pub mod redis;
pub mod sqlserver;
pub mod sqlserver_audit;
pub mod supavisor;

/// In the order in which structure is asked: the more particular first.
pub static FORMATS: &[&dyn Format] = &[
    &supavisor::SUPAVISOR,
    &mysql_audit::MysqlAudit,
    &mysql_audit_xml::MysqlAuditXml,
    &mysql::Mysql,
    &oracle_audit::OracleAudit,
    &sqlserver_audit::SqlserverAudit,
    &sqlserver::Sqlserver,
    &mongodb::Mongodb,
    &redis::Redis,
    &elasticsearch::Elasticsearch,
    &elasticsearch_json::ELASTICSEARCH_JSON,
    &mongodb_json::MONGODB_JSON,
    &mysql_audit_json::MYSQL_AUDIT_JSON,
    &couchdb::Couchdb,
    &cassandra::Cassandra,
    &postgresql_json::POSTGRESQL_JSON,
    &postgresql::Postgresql,
];
