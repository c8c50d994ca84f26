//! Several files, secrets, and files about the organisation.

use std::fs;

use roundsman_config::Config;

fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

#[test]
fn drop_ins_merge_tables_append_arrays_and_replace_values_in_name_order() {
    let folder = folder(&[
        ("roundsman.toml", "[data]\ndir = 'a'\nretain = '1d'\n[[source]]\ntype='syslog'\nlisten='udp://127.0.0.1:1'\n"),
        ("conf.d/10.toml", "[data]\nretain = '2d'\n[[source]]\ntype='syslog'\nlisten='tcp://127.0.0.1:2'\n"),
        ("conf.d/20.toml", "[data]\nretain = '3d'\n"),
        ("conf.d/30.txt", "not = 'read'\n"),
    ]);
    let (config, _) = Config::load(Some(&folder.path().join("roundsman.toml"))).unwrap();
    assert_eq!(config.data.retain.to_string(), "3d");
    assert_eq!(config.data.dir, folder.path().join("a"));
    assert_eq!(config.sources.len(), 2);
}

#[test]
fn a_problem_in_a_drop_in_names_the_drop_in() {
    let folder = folder(&[("roundsman.toml", ""), ("conf.d/10.toml", "\n\n[http]\nlisten = 7\n")]);
    let refused = Config::load(Some(&folder.path().join("roundsman.toml"))).unwrap_err();
    assert_eq!(refused.problems.len(), 1);
    assert_eq!((refused.problems[0].file.ends_with("conf.d/10.toml"), refused.problems[0].line), (true, 4));
}

#[test]
fn a_secret_is_fetched_from_its_file_without_its_line_break() {
    let folder = folder(&[
        ("secrets/zone", "Europe/Berlin\n"),
        ("roundsman.toml", "[digest]\ntimezone = { file = 'secrets/zone' }\n"),
    ]);
    let (config, _) = Config::load(Some(&folder.path().join("roundsman.toml"))).unwrap();
    assert_eq!(config.digest.timezone, "Europe/Berlin");
}

#[test]
fn folders_of_inputs_are_read_in_name_order_and_named_as_in_the_configuration() {
    let folder = folder(&[
        ("roundsman.toml", "[inputs]\nadvisories = 'adv/'\ninventory = 'inventory.csv'\nkev = 'absent.json'\n"),
        ("adv/b.toml", "b"),
        ("adv/a.toml", "a"),
        ("adv/.swp", "hidden"),
        ("inventory.csv", "asset\nweb1\n"),
    ]);
    let (config, _) = Config::load(Some(&folder.path().join("roundsman.toml"))).unwrap();
    let (feeds, problems) = config.inputs();
    let named: Vec<_> = feeds.iter().map(|f| (&*f.input, &*f.path, &*f.text)).collect();
    assert_eq!(
        named,
        [
            ("inventory", "inventory.csv", "asset\nweb1\n"),
            ("advisories", "adv/a.toml", "a"),
            ("advisories", "adv/b.toml", "b")
        ]
    );
    assert_eq!(problems.len(), 1);
    assert!(problems[0].file.ends_with("absent.json"));
    assert!(problems[0].help.contains("inputs.kev"));
}
