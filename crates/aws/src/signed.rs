//! Calls to services of which only a few operations are needed: signed by the SDK's signer and sent by the SDK's own
//! machinery, with the run's connector, interceptor, pacing and retries, but without a crate of the service's own.
//!
//! A crate of the SDK takes half a minute to build and megabytes of the program for each service; what such a call
//! needs of one is a method, a path and a body. Answers come back as they are; the modules that call read them into
//! the model's types, as they do with the SDK's.

use crate::effort::Entry;
use crate::error::Error;
use crate::session::Session;
use crate::watch::Ticket;
use crate::xml;
use aws_credential_types::provider::ProvideCredentials;
use aws_credential_types::provider::error::CredentialsError;
use aws_sigv4::http_request::{
    PayloadChecksumKind, PercentEncodingMode, SignableBody, SignableRequest, SigningSettings,
    UriPathNormalizationMode, sign,
};
use aws_sigv4::sign::v4;
use aws_smithy_async::time::TimeSource;
use aws_smithy_runtime::client::orchestrator::operation::Operation;
use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse, OrchestratorError};
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::error::metadata::{ErrorMetadata, ProvideErrorMetadata};
use glidepath_model::{AccountId, regions};
use http::{Method, Uri};
use serde_json::Value;
use std::fmt;
use std::time::{Duration, SystemTime};

/// So long before their end credentials are asked for anew: a request must arrive with time to spare.
const MARGIN: Duration = Duration::from_secs(5 * 60);

/// The host that a request goes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Host {
    /// One in each Region, by what stands before the Region's name: `config`, `111122223333.s3-control`.
    Regional(String),
    /// One for the whole partition, by what stands before the partition's suffix: `iam`.
    Global(&'static str),
}

/// The version of IAM's API.
const IAM_VERSION: &str = "2010-05-08";
/// The version of EC2's API.
const EC2_VERSION: &str = "2016-11-15";

/// A request to a service.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    /// Where it goes.
    pub(crate) host: Host,
    /// The service that the signature is for.
    pub(crate) service: &'static str,
    /// The method.
    pub(crate) method: Method,
    /// The path with its query, encoded.
    pub(crate) path: String,
    /// Headers beside those of the signature.
    pub(crate) headers: Vec<(&'static str, String)>,
    /// The body; empty if there is none.
    pub(crate) body: String,
}

impl Request {
    /// One of the JSON protocol: everything stands in the body, and a header names the operation.
    pub(crate) fn json(service: &'static str, target: &str, body: &Value) -> Self {
        Self {
            host: Host::Regional(service.to_owned()),
            service,
            method: Method::POST,
            path: "/".to_owned(),
            headers: vec![
                ("content-type", "application/x-amz-json-1.1".to_owned()),
                ("x-amz-target", target.to_owned()),
            ],
            body: body.to_string(),
        }
    }

    /// One of the REST-JSON protocol: the path names the operation, the body says the rest.
    pub(crate) fn rest_json(
        service: &'static str,
        method: Method,
        path: impl Into<String>,
        body: &Value,
    ) -> Self {
        Self {
            headers: vec![("content-type", "application/json".to_owned())],
            body: body.to_string(),
            ..Self::rest(service, method, path)
        }
    }

    /// One of a REST protocol without a body: the path with its query says everything.
    pub(crate) fn rest(service: &'static str, method: Method, path: impl Into<String>) -> Self {
        Self {
            host: Host::Regional(service.to_owned()),
            service,
            method,
            path: path.into(),
            headers: Vec::new(),
            body: String::new(),
        }
    }

    /// One of IAM, in the Query protocol: action and members stand in a form. IAM has one host for a partition, signed
    /// for its control Region.
    ///
    /// Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/programming.html>
    pub(crate) fn iam(action: &str, members: &[(&str, &str)]) -> Self {
        Self::form("iam", Host::Global("iam"), (action, IAM_VERSION), members)
    }

    /// One of EC2, in its own Query protocol.
    ///
    /// Source: <https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-intro.html>
    pub(crate) fn ec2(action: &str, members: &[(&str, &str)]) -> Self {
        Self::form("ec2", Host::Regional("ec2".to_owned()), (action, EC2_VERSION), members)
    }

    /// One about the whole account to Amazon S3: the account stands in the host's name and in a header.
    ///
    /// Source: <https://docs.aws.amazon.com/general/latest/gr/s3.html>
    pub(crate) fn s3_control(account: &AccountId, method: Method, path: &str, body: String) -> Self {
        let mut headers = vec![("x-amz-account-id", account.to_string())];
        if !body.is_empty() {
            headers.push(("content-type", "application/xml".to_owned()));
        }
        Self {
            host: Host::Regional(format!("{account}.s3-control")),
            service: "s3",
            method,
            path: path.to_owned(),
            headers,
            body,
        }
    }

    fn form(
        service: &'static str,
        host: Host,
        (action, version): (&str, &str),
        members: &[(&str, &str)],
    ) -> Self {
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.append_pair("Action", action).append_pair("Version", version).extend_pairs(members);
        Self {
            host,
            service,
            method: Method::POST,
            path: "/".to_owned(),
            headers: vec![("content-type", "application/x-www-form-urlencoded; charset=utf-8".to_owned())],
            body: form.finish(),
        }
    }
}

/// Why a service refused.
#[derive(Debug)]
pub(crate) struct Refusal(ErrorMetadata);

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for Refusal {}

impl ProvideErrorMetadata for Refusal {
    fn meta(&self) -> &ErrorMetadata {
        &self.0
    }
}

impl Session {
    /// Sends a request to a Region, and gives the body of the answer.
    ///
    /// # Errors
    /// Any [`Error`] of a call of this operation.
    pub(crate) async fn signed(
        &self,
        ticket: Ticket,
        region: &str,
        request: &Request,
    ) -> Result<Vec<u8>, Error> {
        self.signed_in(ticket, Entry::Own, region, request).await
    }

    /// Likewise, where the caller may hold the place in the lane for longer.
    pub(crate) async fn signed_in(
        &self,
        ticket: Ticket,
        entry: Entry<'_>,
        region: &str,
        request: &Request,
    ) -> Result<Vec<u8>, Error> {
        let here = &self.in_region(region);
        here.call(ticket, entry, || here.send(ticket.operation, region, request)).await
    }

    async fn send(
        &self,
        operation: &'static str,
        region: &str,
        request: &Request,
    ) -> Result<Vec<u8>, SdkError<Refusal, HttpResponse>> {
        let credentials = self.signing_credentials().await.map_err(SdkError::construction_failure)?;
        let base = self.base(region, &request.host).map_err(SdkError::construction_failure)?;
        let (service, name) = operation.split_once(':').unwrap_or(("", operation));
        let (now, region) = (TimeSource::now(self.clock()), region.to_owned());
        let config = self.config();
        let mut building = Operation::builder()
            .service_name(service.to_owned())
            .operation_name(name.to_owned())
            .endpoint_url(&base)
            .no_auth()
            .no_retry()
            .interceptor(self.watch())
            .time_source(self.clock().clone())
            .sleep_impl(self.clock().clone());
        if let Some(client) = config.http_client() {
            building = building.http_client(client);
        }
        if let Some(timeouts) = config.timeout_config() {
            building = building.timeout_config(timeouts.clone());
        }
        if let Some(protection) = config.stalled_stream_protection() {
            building = building.stalled_stream_protection(protection);
        }
        let operation = building
            .serializer(move |request: Request| signed(&base, &region, now, &credentials, &request))
            .deserializer(answer)
            .build();
        operation.invoke(request.clone()).await
    }

    /// Where a service answers: the address that was given for all of them, or AWS's own.
    fn base(&self, region: &str, host: &Host) -> Result<String, BoxError> {
        if let Some(url) = self.config().endpoint_url() {
            return Ok(url.trim_end_matches('/').to_owned());
        }
        let partition = regions::region(region).and_then(|row| regions::partition(&row.partition));
        let partition = partition.ok_or_else(|| format!("`{region}` is not an AWS region"))?;
        Ok(match host {
            Host::Regional(host) => format!("https://{host}.{region}.{}", partition.dns_suffix),
            Host::Global(host) => format!("https://{host}.{}", partition.dns_suffix),
        })
    }

    async fn signing_credentials(&self) -> Result<aws_credential_types::Credentials, CredentialsError> {
        let mut kept = self.kept().lock().await;
        let end = TimeSource::now(self.clock()) + MARGIN;
        if let Some(credentials) =
            kept.as_ref().filter(|kept| kept.expiry().is_none_or(|expiry| expiry > end))
        {
            return Ok(credentials.clone());
        }
        let provider = self.config().credentials_provider();
        let provider =
            provider.ok_or_else(|| CredentialsError::not_loaded("no credentials are configured"))?;
        let credentials = provider.provide_credentials().await?;
        *kept = Some(credentials.clone());
        Ok(credentials)
    }
}

/// The request as it leaves.
fn signed(
    base: &str,
    region: &str,
    now: SystemTime,
    credentials: &aws_credential_types::Credentials,
    request: &Request,
) -> Result<HttpRequest, BoxError> {
    let uri: Uri = format!("{base}{}", request.path).parse()?;
    let mut settings = SigningSettings::default();
    if request.service == "s3" {
        // S3 takes paths as they stand, and wants the digest of the body in a header.
        settings.percent_encoding_mode = PercentEncodingMode::Single;
        settings.uri_path_normalization_mode = UriPathNormalizationMode::Disabled;
        settings.payload_checksum_kind = PayloadChecksumKind::XAmzSha256;
    }
    let identity = credentials.clone().into();
    let parameters = v4::SigningParams::builder()
        .identity(&identity)
        .region(region)
        .name(request.service)
        .time(now)
        .settings(settings)
        .build()?
        .into();
    let text = uri.to_string();
    let headers = request.headers.iter().map(|(name, value)| (*name, value.as_str()));
    let body = SignableBody::Bytes(request.body.as_bytes());
    let signable = SignableRequest::new(request.method.as_str(), text, headers, body)?;
    let (instructions, _) = sign(signable, &parameters)?.into_parts();
    let mut http = http::Request::builder().method(request.method.clone()).uri(uri);
    for (name, value) in &request.headers {
        http = http.header(*name, value);
    }
    let mut http = http.body(SdkBody::from(request.body.as_str()))?;
    instructions.apply_to_request_http1x(&mut http);
    Ok(HttpRequest::try_from(http)?)
}

/// The body of an answer, or what a refusal says of itself.
fn answer(response: &HttpResponse) -> Result<Vec<u8>, OrchestratorError<Refusal>> {
    let body = response.body().bytes().unwrap_or_default();
    if response.status().is_success() {
        return Ok(body.to_vec());
    }
    let named = response.headers().get("x-amzn-errortype").map(str::to_owned);
    let told: Value = serde_json::from_slice(body).unwrap_or_default();
    let member = |names: &[&str]| {
        names.iter().find_map(|name| told.get(*name).and_then(Value::as_str)).map(str::to_owned)
    };
    let in_xml = xml::refusal(body);
    let (xml_code, xml_message) = in_xml.map_or((None, None), |(code, message)| (Some(code), message));
    let code = named.or_else(|| member(&["__type", "code", "Code"])).or(xml_code);
    let message = member(&["message", "Message"]).or(xml_message);
    let mut meta = ErrorMetadata::builder();
    // A code may come with its namespace before it and an address behind it.
    if let Some(code) = &code {
        let code = code.split(':').next().unwrap_or_default();
        meta = meta.code(code.rsplit('#').next().unwrap_or_default());
    }
    if let Some(message) = message {
        meta = meta.message(message);
    }
    Err(OrchestratorError::operation(Refusal(meta.build())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn query_requests_are_forms_with_action_and_version_first() {
        let request = Request::iam("CreateAccountAlias", &[("AccountAlias", "a b&c=d")]);
        assert_eq!(request.body, "Action=CreateAccountAlias&Version=2010-05-08&AccountAlias=a+b%26c%3Dd");
        assert_eq!(request.host, Host::Global("iam"));
        let request =
            Request::ec2("DescribeVpcs", &[("Filter.1.Name", "is-default"), ("Filter.1.Value.1", "true")]);
        let body = "Action=DescribeVpcs&Version=2016-11-15&Filter.1.Name=is-default&Filter.1.Value.1=true";
        assert_eq!(request.body, body);
        assert_eq!(request.host, Host::Regional("ec2".to_owned()));
        let kind = ("content-type", "application/x-www-form-urlencoded; charset=utf-8".to_owned());
        assert_eq!((request.path.as_str(), request.headers), ("/", vec![kind]));
    }

    #[test]
    fn what_concerns_all_buckets_names_the_account_in_host_and_header() {
        let account = AccountId::parse("111122223333").unwrap();
        let path = "/v20180820/configuration/publicAccessBlock";
        let request = Request::s3_control(&account, Method::GET, path, String::new());
        assert_eq!(request.host, Host::Regional("111122223333.s3-control".to_owned()));
        assert_eq!(request.headers, [("x-amz-account-id", "111122223333".to_owned())]);
        let request = Request::s3_control(&account, Method::PUT, path, "<x/>".to_owned());
        assert_eq!(request.headers.len(), 2);
    }
}
