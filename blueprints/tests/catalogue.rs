//! The catalogue keeps what it promises: every blueprint is right, and its own examples come out as they say.
#![expect(clippy::panic, reason = "a test fails by panicking")]

use glidepath_blueprints::{Blueprint, Catalogue, index_page, page};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

fn all() -> Vec<&'static Blueprint> {
    let catalogue = Catalogue::built_in();
    catalogue.ids().map(|id| catalogue.get(id).unwrap_or_else(|error| panic!("{id}: {error:#?}"))).collect()
}

#[test]
fn every_blueprint_is_right_and_its_examples_hold() {
    let mut wrong = String::new();
    for blueprint in all() {
        for finding in blueprint.check() {
            wrong.push_str(&format!("{finding}\n"));
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn a_template_is_the_same_however_often_it_is_rendered() {
    for blueprint in all() {
        for example in &blueprint.examples {
            let texts = [example.render(blueprint), example.render(blueprint)]
                .map(|one| one.map(|one| one.text).ok());
            assert_eq!(texts[0], texts[1], "{}", blueprint.id);
        }
    }
}

#[test]
fn needs_of_blueprints_have_no_circle() {
    fn follow(id: &str, path: &mut Vec<String>) {
        assert!(!path.contains(&id.to_owned()), "{} > {id}", path.join(" > "));
        path.push(id.to_owned());
        for next in &Catalogue::built_in().get(id).unwrap().needs.blueprints {
            follow(next, path);
        }
        path.pop();
    }
    for blueprint in all() {
        follow(&blueprint.id, &mut Vec::new());
    }
}

/// Templates pass ids on by Parameter Store, and a slip in a name is found by nobody before a stack fails.
#[test]
fn what_a_template_takes_from_parameter_store_some_other_puts_there() {
    let (mut put, mut taken) = (BTreeSet::new(), Vec::new());
    for blueprint in all() {
        for rendered in blueprint.examples.iter().filter_map(|example| example.render(blueprint).ok()) {
            for resource in
                rendered.template.resources().values().filter(|one| one.ty == "AWS::SSM::Parameter")
            {
                put.extend(resource.properties["Name"].as_str().map(str::to_owned));
            }
            let parameters = rendered.template.value()["Parameters"].as_object().into_iter().flatten();
            for (_, parameter) in parameters {
                let name = parameter["Default"].as_str().unwrap_or_default();
                let by_name = parameter["Type"]
                    .as_str()
                    .is_some_and(|ty| ty.starts_with("AWS::SSM::Parameter::Value<"));
                if by_name && name.starts_with("/glidepath/") {
                    taken.push((blueprint.id.clone(), name.to_owned()));
                }
            }
        }
    }
    assert!(!taken.is_empty());
    for (id, name) in taken {
        assert!(put.contains(&name), "{id} takes `{name}`, which no blueprint puts there");
    }
}

#[test]
fn the_pages_are_those_of_the_catalogue() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/reference/blueprints");
    let mut pages: Vec<(PathBuf, String)> = all()
        .into_iter()
        .map(|blueprint| (folder.join(format!("{}.md", blueprint.id)), page(blueprint)))
        .collect();
    pages.push((folder.join("README.md"), index_page(all())));
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::create_dir_all(&folder).unwrap();
        for (path, text) in &pages {
            std::fs::write(path, text).unwrap();
        }
    }
    for (path, text) in &pages {
        let written = std::fs::read_to_string(path).unwrap_or_default();
        assert!(written == *text, "{} is stale: run the tests with UPDATE_DOCS=1", path.display());
    }
    let known: BTreeSet<&Path> = pages.iter().map(|(path, _)| path.as_path()).collect();
    for entry in std::fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        assert!(known.contains(path.as_path()), "{} is the page of no blueprint", path.display());
    }
}
