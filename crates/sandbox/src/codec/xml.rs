//! Answers in XML by shape: those of Query, of EC2 and of REST.

use super::shapes::{Model, OperationShape, Shape};
use glidepath_model::Timestamp;
use serde_json::Value;

/// An answer: `<GetThingResponse><GetThingResult>…</GetThingResult><ResponseMetadata>…`.
pub(super) fn answer(
    model: &Model,
    name: &str,
    operation: &OperationShape,
    value: &Value,
    id: &str,
) -> String {
    let mut text = format!("<{name}Response xmlns=\"{}\">", model.xml_namespace);
    if let Some(shape) = &operation.output {
        let wrapper = operation.result_wrapper.clone().unwrap_or_else(|| format!("{name}Result"));
        element(model, shape, &wrapper, value, &mut text);
    }
    text.push_str(&format!(
        "<ResponseMetadata><RequestId>{id}</RequestId></ResponseMetadata></{name}Response>"
    ));
    text
}

/// An error; the sender is to blame unless the status says otherwise.
pub(super) fn error(model: &Model, code: &str, status: u16, message: &str, id: &str) -> String {
    let blame = if status >= 500 { "Receiver" } else { "Sender" };
    format!(
        "<ErrorResponse xmlns=\"{}\"><Error><Type>{blame}</Type><Code>{code}</Code><Message>{}</Message></Error>\
         <RequestId>{id}</RequestId></ErrorResponse>",
        model.xml_namespace,
        escaped(message)
    )
}

/// An answer of EC2: `<GetThingResponse><requestId>…</requestId>…`. One without output tells that it was done.
pub(super) fn ec2_answer(
    model: &Model,
    name: &str,
    operation: &OperationShape,
    value: &Value,
    id: &str,
) -> String {
    let mut text = format!("<{name}Response xmlns=\"{}\"><requestId>{id}</requestId>", model.xml_namespace);
    match &operation.output {
        Some(shape) => content(model, shape, value, &mut text),
        None => text.push_str("<return>true</return>"),
    }
    text.push_str(&format!("</{name}Response>"));
    text
}

/// An error of EC2.
pub(super) fn ec2_error(code: &str, message: &str, id: &str) -> String {
    format!(
        "<Response><Errors><Error><Code>{code}</Code><Message>{}</Message></Error></Errors>\
         <RequestID>{id}</RequestID></Response>",
        escaped(message)
    )
}

/// The body of a REST answer: the member that is the payload; nothing without one.
pub(super) fn rest_answer(model: &Model, operation: &OperationShape, value: &Value) -> String {
    let output = operation.output.as_deref().and_then(|output| model.shape(output));
    let Some(Shape::Structure { members, payload: Some(payload), .. }) = output else { return String::new() };
    let mut text = String::new();
    if let Some((shape, value)) = members.get(payload).zip(value.get(payload)) {
        element(model, shape, payload, value, &mut text);
    }
    text
}

fn element(model: &Model, shape: &str, name: &str, value: &Value, text: &mut String) {
    text.push_str(&format!("<{name}>"));
    content(model, shape, value, text);
    text.push_str(&format!("</{name}>"));
}

/// What stands between the tags of an element.
fn content(model: &Model, shape: &str, value: &Value, text: &mut String) {
    match (model.shape(shape), value) {
        (Some(Shape::Structure { members, wire, .. }), Value::Object(given)) => {
            for (member, value) in given {
                if let Some(shape) = members.get(member) {
                    let name = wire.get(member).and_then(|wire| wire.name.as_deref()).unwrap_or(member);
                    element(model, shape, name, value, text);
                }
            }
        }
        (Some(Shape::List { member, item_name, .. }), Value::Array(items)) => {
            for item in items {
                element(model, member, item_name.as_deref().unwrap_or("member"), item, text);
            }
        }
        (Some(Shape::Timestamp { .. }), Value::Number(seconds)) => text.push_str(&iso_8601(seconds.as_f64())),
        (_, Value::String(string)) => text.push_str(&escaped(string)),
        (_, other) => text.push_str(&escaped(&other.to_string())),
    }
}

/// Epoch seconds as `2026-11-24T04:00:00Z`; whole seconds, as the Query services answer.
pub(super) fn iso_8601(seconds: Option<f64>) -> String {
    #[expect(clippy::cast_possible_truncation, reason = "fractions of a second are dropped on purpose")]
    let time = seconds.and_then(|seconds| Timestamp::from_second(seconds as i64).ok());
    time.map(|time| time.to_string()).unwrap_or_default()
}

fn escaped(text: &str) -> String {
    let mut result = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '<' => result.push_str("&lt;"),
            '>' => result.push_str("&gt;"),
            '&' => result.push_str("&amp;"),
            '"' => result.push_str("&quot;"),
            // XML 1.0 has no way to write the other control characters.
            control if control.is_control() && !matches!(control, '\t' | '\n' | '\r') => {
                result.push('\u{fffd}')
            }
            other => result.push(other),
        }
    }
    result
}

#[cfg(test)]
mod tests {
    use super::super::shapes::model;
    use super::*;
    use serde_json::json;

    #[test]
    fn answers_of_ec2_have_its_names_and_its_envelope() {
        let model = model("ec2").unwrap();
        let value = json!({"Vpcs": [{"VpcId": "vpc-1", "IsDefault": true}]});
        assert_eq!(
            ec2_answer(model, "DescribeVpcs", &model.operations["DescribeVpcs"], &value, "id-1"),
            "<DescribeVpcsResponse xmlns=\"http://ec2.amazonaws.com/doc/2016-11-15\"><requestId>id-1</requestId><vpcSet>\
             <item><vpcId>vpc-1</vpcId><isDefault>true</isDefault></item></vpcSet></DescribeVpcsResponse>"
        );
        let done = ec2_answer(model, "DeleteVpc", &model.operations["DeleteVpc"], &json!({}), "id-1");
        assert!(
            done.ends_with("<requestId>id-1</requestId><return>true</return></DeleteVpcResponse>"),
            "{done}"
        );
    }

    #[test]
    fn a_rest_answer_is_its_payload() {
        let model = model("s3control").unwrap();
        let operation = &model.operations["GetPublicAccessBlock"];
        let value = json!({"PublicAccessBlockConfiguration": {"BlockPublicAcls": true}});
        assert_eq!(
            rest_answer(model, operation, &value),
            "<PublicAccessBlockConfiguration><BlockPublicAcls>true</BlockPublicAcls></PublicAccessBlockConfiguration>"
        );
        assert_eq!(rest_answer(model, &model.operations["PutPublicAccessBlock"], &json!({})), "");
    }

    #[test]
    fn an_answer_is_wrapped_and_its_times_are_iso_8601() {
        let model = model("sts").unwrap();
        let value = json!({"Credentials": {"AccessKeyId": "A&B", "Expiration": 1_795_492_800.0}});
        let text = answer(model, "AssumeRole", &model.operations["AssumeRole"], &value, "id-1");
        assert_eq!(
            text,
            "<AssumeRoleResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><AssumeRoleResult><Credentials>\
             <AccessKeyId>A&amp;B</AccessKeyId><Expiration>2026-11-24T04:00:00Z</Expiration></Credentials></AssumeRoleResult>\
             <ResponseMetadata><RequestId>id-1</RequestId></ResponseMetadata></AssumeRoleResponse>"
        );
    }
}
