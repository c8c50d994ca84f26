//! The kinds of audit records: what each is about, in ECS's words and in those that audit's own tools use.

use crate::{Event, field};

/// Kind, action, category, types; several words are separated by blanks.
type Row = (&'static str, &'static str, &'static str, &'static str);

const KINDS: &[Row] = &[
    ("USER_AUTH", "authenticated", "authentication", "info"),
    ("USER_ACCT", "was-authorized", "authentication", "info"),
    ("USER_LOGIN", "logged-in", "authentication", "start"),
    ("USER_LOGOUT", "logged-out", "authentication", "end"),
    ("USER_ERR", "error", "authentication", "info"),
    ("LOGIN", "changed-login-id-to", "authentication", "start"),
    ("CRED_ACQ", "acquired-credentials", "authentication", "info"),
    ("CRED_DISP", "disposed-credentials", "authentication", "info"),
    ("CRED_REFR", "refreshed-credentials", "authentication", "info"),
    ("USER_START", "started-session", "session", "start"),
    ("USER_END", "ended-session", "session", "end"),
    ("USER_CMD", "ran-command", "process", "start"),
    ("USER_CHAUTHTOK", "changed-password", "iam", "user change"),
    ("ADD_USER", "added-user-account", "iam", "user creation"),
    ("DEL_USER", "deleted-user-account", "iam", "user deletion"),
    ("USER_MGMT", "modified-user-account", "iam", "user change"),
    ("ACCT_LOCK", "locked-account", "iam", "user change"),
    ("ACCT_UNLOCK", "unlocked-account", "iam", "user change"),
    ("ADD_GROUP", "added-group-account-to", "iam", "group creation"),
    ("DEL_GROUP", "deleted-group-account-from", "iam", "group deletion"),
    ("GRP_MGMT", "modified-group-account", "iam", "group change"),
    ("CHGRP_ID", "changed-group", "iam", "group change"),
    ("CHUSER_ID", "changed-user-id", "iam", "user change"),
    ("USER_ROLE_CHANGE", "changed-role-to", "iam", "user change"),
    ("SERVICE_START", "started-service", "process", "start"),
    ("SERVICE_STOP", "stopped-service", "process", "end"),
    ("SYSTEM_BOOT", "booted-system", "host", "info"),
    ("SYSTEM_SHUTDOWN", "shutdown-system", "host", "info"),
    ("SYSTEM_RUNLEVEL", "changed-to-runlevel", "host", "change"),
    ("USYS_CONFIG", "changed-configuration", "configuration", "change"),
    ("DAEMON_START", "started-audit", "process", "start"),
    ("DAEMON_END", "shutdown-audit", "process", "end"),
    ("DAEMON_ABORT", "aborted-auditd-startup", "process", "end"),
    ("DAEMON_CONFIG", "changed-auditd-configuration", "process configuration", "change"),
    ("DAEMON_ROTATE", "rotated-audit-logs", "process", "info"),
    ("CONFIG_CHANGE", "changed-audit-configuration", "process configuration", "change"),
    ("FEATURE_CHANGE", "changed-audit-feature", "configuration", "change"),
    ("NETFILTER_CFG", "loaded-firewall-rule-to", "configuration", "change"),
    ("KERN_MODULE", "loaded-kernel-module", "driver", "start"),
    ("TTY", "typed", "", ""),
    ("USER_TTY", "typed", "", ""),
    ("CRYPTO_SESSION", "started-crypto-session", "process", "info"),
    ("CRYPTO_KEY_USER", "negotiated-crypto-key", "process", "info"),
    ("CRYPTO_LOGIN", "crypto-officer-logged-in", "authentication", "start"),
    ("ANOM_ABEND", "crashed-program", "process", "end"),
    ("ANOM_LOGIN_FAILURES", "failed-log-in-too-many-times-to", "authentication intrusion_detection", "info"),
    ("ANOM_LOGIN_LOCATION", "attempted-log-in-from-unusual-place-to", "authentication intrusion_detection", "info"),
    ("ANOM_LOGIN_SESSIONS", "opened-too-many-sessions-to", "authentication intrusion_detection", "info"),
    ("ANOM_LOGIN_TIME", "attempted-log-in-during-unusual-hour-to", "authentication intrusion_detection", "info"),
    ("ANOM_PROMISCUOUS", "changed-promiscuous-mode-on-device", "network intrusion_detection", "info"),
    ("ANOM_ROOT_TRANS", "became-root", "process intrusion_detection", "info"),
    ("RESP_ACCT_LOCK", "locked-account", "iam", "user change"),
    ("AVC", "violated-selinux-policy", "file", "info"),
    ("USER_AVC", "access-permission", "file", "info"),
    ("MAC_STATUS", "changed-selinux-enforcement", "configuration", "change"),
    ("MAC_POLICY_LOAD", "loaded-selinux-policy", "configuration", "change"),
    ("SECCOMP", "violated-seccomp-policy", "process", "info"),
    ("VIRT_CONTROL", "issued-vm-control", "host", "info"),
    ("VIRT_MACHINE_ID", "assigned-vm-id", "host", "info"),
    ("VIRT_RESOURCE", "assigned-vm-resource", "host", "info"),
    ("SYSCALL", "syscall", "process", "info"),
    ("executed", "executed", "process", "start"),
];

/// The event of a program that was run, which no single record is.
pub const RUN: &[u8] = b"executed";

/// Sets action, category and type of a kind; one that is not listed is an action of its own name.
pub fn classify(kind: &[u8], event: &mut Event<'_>) {
    let Some((_, action, categories, kinds)) = KINDS.iter().find(|row| row.0.as_bytes() == kind) else {
        return event.set(field::EVENT_ACTION, &kind.to_ascii_lowercase());
    };
    event.set_static(field::EVENT_ACTION, action);
    for (field, words) in [(field::EVENT_CATEGORY, categories), (field::EVENT_TYPE, kinds)] {
        words.split_ascii_whitespace().for_each(|word| event.set_static(field, word));
    }
}

/// Kinds that the kernel writes about one system call, all with one serial.
pub fn of_a_call(kind: &[u8]) -> bool {
    const CALL: [&[u8]; 20] = [
        b"SYSCALL",
        b"EXECVE",
        b"CWD",
        b"PATH",
        b"PROCTITLE",
        b"SOCKADDR",
        b"SOCKETCALL",
        b"EOE",
        b"OBJ_PID",
        b"BPRM_FCAPS",
        b"CAPSET",
        b"MMAP",
        b"FD_PAIR",
        b"IPC",
        b"IPC_SET_PERM",
        b"MQ_OPEN",
        b"MQ_SENDRECV",
        b"MQ_GETSETATTR",
        b"OPENAT2",
        b"TIME_INJOFFSET",
    ];
    CALL.contains(&kind)
}

/// Kinds whose account is the one that is changed.
pub fn changes_accounts(kind: &[u8]) -> bool {
    const CHANGES: [&[u8]; 8] = [
        b"ADD_USER",
        b"DEL_USER",
        b"USER_MGMT",
        b"USER_CHAUTHTOK",
        b"ACCT_LOCK",
        b"ACCT_UNLOCK",
        b"RESP_ACCT_LOCK",
        b"CHUSER_ID",
    ];
    CHANGES.contains(&kind) || changes_groups(kind)
}

/// Kinds that change a group.
pub fn changes_groups(kind: &[u8]) -> bool {
    matches!(kind, b"ADD_GROUP" | b"DEL_GROUP" | b"GRP_MGMT" | b"CHGRP_ID")
}
