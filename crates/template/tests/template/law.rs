//! What holds for any input: nothing panics, and what is canonical is read as the same template.

use glidepath_template::{fuzz_template, read};
use proptest::prelude::*;
use std::path::Path;

#[test]
fn the_laws_hold_for_every_input_of_the_corpus() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
    let mut count = 0;
    for entry in std::fs::read_dir(root).unwrap() {
        let path = entry.unwrap().path();
        assert_eq!(fuzz_template(&std::fs::read(&path).unwrap()), Ok(()), "{}", path.display());
        count += 1;
    }
    assert!(count > 20, "{count}");
}

/// Pieces that templates are made of, to get further than random bytes do.
fn any_text() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "\n",
        "\n  ",
        "\n    ",
        ": ",
        "- ",
        "{",
        "}",
        "[",
        "]",
        ", ",
        "\"",
        "'",
        "&a ",
        "*a",
        "!Ref ",
        "!Sub ",
        "!GetAtt ",
        "!If ",
        "!Join ",
        "!Cidr ",
        "!Select ",
        "'Fn::Sub'",
        "'Fn::Transform'",
        "\"Ref\"",
        "A",
        "B",
        "A.Arn",
        "${A}",
        "${A.B}",
        "${!A}",
        "{{resolve:ssm:a}}",
        "{{resolve:",
        "AWS::Region",
        "AWS::NoValue",
        "AWS::S3::Bucket",
        "Type",
        "Properties",
        "Resources",
        "Outputs",
        "Conditions",
        "Parameters",
        "Mappings",
        "Value",
        "Tags",
        "Key",
        "~",
        "1e5",
        "007",
        "1.10",
        "true",
        "é東",
        "\u{202e}",
        "\\",
        "#",
        "---\n",
        "\t",
        "|\n",
        ">-\n",
    ]);
    proptest::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
}

/// A value as a template may write it, functions included.
fn any_value() -> impl Strategy<Value = serde_json::Value> {
    use serde_json::{Value, json};
    let leaf = prop_oneof![
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_filter("numbers of JSON", |number| number.is_finite()).prop_map(Value::from),
        "[ -~é東\\n\\t]{0,12}".prop_map(Value::from),
        Just(json!({"Ref": "AWS::Region"})),
        Just(json!({"Ref": "R"})),
        Just(json!({"Fn::GetAtt": ["R", "Arn"]})),
        Just(json!({"Fn::Sub": "${AWS::Region}-${!x}"})),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            proptest::collection::vec(("[A-Za-z]{1,6}", inner.clone()), 0..4)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
            inner.clone().prop_map(|value| json!({"Fn::If": ["C", value, {"Ref": "AWS::NoValue"}]})),
            inner.prop_map(|value| json!({"Fn::Join": [",", [value]]})),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_bytes_make_anything_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        prop_assert_eq!(fuzz_template(&bytes), Ok(()));
    }

    #[test]
    fn no_mixture_of_templates_makes_anything_panic(text in any_text()) {
        prop_assert_eq!(fuzz_template(text.as_bytes()), Ok(()));
        let whole = format!("Resources:\n  A:\n    Type: AWS::S3::Bucket\n    Properties: {text}");
        prop_assert_eq!(fuzz_template(whole.as_bytes()), Ok(()));
    }

    #[test]
    fn what_is_canonical_is_read_as_the_same_template(value in any_value()) {
        let template = serde_json::json!({
            "Conditions": {"C": {"Fn::Equals": [{"Ref": "AWS::Region"}, "eu-west-1"]}},
            "Resources": {"R": {"Type": "AWS::S3::Bucket", "Properties": {"P": value}}},
        });
        let text = template.to_string();
        // Numbers whose text would change are refused, whatever wrote them.
        if let Ok(read_once) = read(&text) {
            prop_assert_eq!(read_once.canonical(), text.clone());
        }
        prop_assert_eq!(fuzz_template(text.as_bytes()), Ok(()));
    }
}
