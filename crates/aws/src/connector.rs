//! What lies beneath the SDK: HTTPS, or a function in this process that answers like AWS.

use aws_smithy_http_client::proxy::ProxyConfig;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use aws_smithy_http_client::{Builder, Connector as HttpsConnector, tls};
use aws_smithy_runtime_api::client::http::{
    HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient, SharedHttpConnector,
    http_client_fn,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::body::SdkBody;
use bytes::Bytes;
use std::fmt;
use std::io;
use std::sync::Arc;

/// The connection broke; whether the request took effect is not known to the caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the connection was reset")]
pub struct ConnectionReset;

/// A function that answers like AWS, such as the sandbox.
pub type InProcess =
    Arc<dyn Fn(http::Request<Bytes>) -> Result<http::Response<Bytes>, ConnectionReset> + Send + Sync>;

/// Where requests go.
#[derive(Clone)]
pub enum Connector {
    /// AWS itself, or what `AWS_ENDPOINT_URL` and `AWS_ENDPOINT_URL_ORGANIZATIONS` name, through the proxy
    /// that `HTTPS_PROXY` and `NO_PROXY` tell.
    Https,
    /// One address for every service, whatever the environment says: a sandbox that is served, or an emulator.
    Endpoint(String),
    /// A function in this process.
    InProcess(InProcess),
}

impl fmt::Debug for Connector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Https => f.write_str("Https"),
            Self::Endpoint(url) => write!(f, "Endpoint({url})"),
            Self::InProcess(_) => f.write_str("InProcess"),
        }
    }
}

impl Connector {
    pub(crate) fn http_client(&self) -> SharedHttpClient {
        match self {
            Self::Https => https(ProxyConfig::from_env()),
            // An address that was given by hand is reached as it stands.
            Self::Endpoint(_) => https(ProxyConfig::disabled()),
            Self::InProcess(answer) => {
                let connector = SharedHttpConnector::new(Answering(answer.clone()));
                http_client_fn(move |_: &HttpConnectorSettings, _| connector.clone())
            }
        }
    }

    pub(crate) fn endpoint(&self) -> Option<&str> {
        match self {
            Self::Endpoint(url) => Some(url),
            Self::Https | Self::InProcess(_) => None,
        }
    }
}

/// One TLS stack for everything, with the system's certificates. The SDK's own way to build a client knows
/// no proxies, hence the closure.
fn https(proxy: ProxyConfig) -> SharedHttpClient {
    Builder::new().build_with_connector_fn(move |settings, components| {
        let mut builder = HttpsConnector::builder().proxy_config(proxy.clone());
        builder.set_connector_settings(settings.cloned());
        builder.set_sleep_impl(components.and_then(RuntimeComponents::sleep_impl));
        builder.tls_provider(tls::Provider::Rustls(CryptoMode::Ring)).build()
    })
}

struct Answering(InProcess);

impl fmt::Debug for Answering {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Answering")
    }
}

impl HttpConnector for Answering {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let answer = self.0.clone();
        HttpConnectorFuture::new(async move {
            // A call over a network lets other tasks run; one that is answered at once must, too, or a
            // long listing would keep everything else waiting.
            tokio::task::yield_now().await;
            let request = request.try_into_http1x().map_err(|error| ConnectorError::user(error.into()))?;
            let request = request.map(|body| body.bytes().map(Bytes::copy_from_slice).unwrap_or_default());
            let response = answer(request).map_err(|reset| {
                ConnectorError::io(io::Error::new(io::ErrorKind::ConnectionReset, reset).into())
            })?;
            HttpResponse::try_from(response.map(SdkBody::from))
                .map_err(|error| ConnectorError::other(error.into(), None))
        })
    }
}
