//! E-mail as SES sees it: what is asked, what answers mean, what its events say.
#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

mod answers;
mod feedback;
mod replies;
mod request;
mod wire;
