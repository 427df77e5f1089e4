//! What AWS asks for what was counted: the arithmetic of `prices.yaml`, in decimals.

use rust_decimal::Decimal;
use serde::Deserialize;

use crate::LoadError;
use crate::deployment::Deployment;
use remit_local::meter::Usage;

const MILLION: u64 = 1_000_000;
const GB: u64 = 1_000_000_000;

/// What stands in the file, with what is supposed.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "the file says what they are")]
pub struct Prices {
    pub as_of: String,
    pub region: String,
    pub dynamodb: DynamoDb,
    pub api_gateway: ApiGateway,
    pub lambda: Lambda,
    pub eventbridge: EventBridge,
    pub sqs: Sqs,
    pub ses: Ses,
    pub s3: S3,
    pub cloudwatch: CloudWatch,
    pub xray: XRay,
    pub secrets_manager: SecretsManager,
    pub supposed: Supposed,
    pub limits: Limits,
}

macro_rules! of_the_file {
    ($($name:ident { $($field:ident: $kind:ty),+ $(,)? })+) => {
        $(
            #[derive(Debug, Clone, Deserialize)]
            #[serde(deny_unknown_fields)]
            #[expect(missing_docs, reason = "the file says what they are")]
            pub struct $name { $(pub $field: $kind),+ }
        )+
    };
}

of_the_file! {
    DynamoDb { written_million: Decimal, read_million: Decimal, stored_gb: Decimal, point_in_time_gb: Decimal }
    ApiGateway { requests_million: Decimal }
    Lambda { runs_million: Decimal, gb_second: Decimal, free_runs: u64, free_gb_seconds: u64 }
    EventBridge { events_million: Decimal }
    Sqs { requests_million: Decimal, free_requests: u64 }
    Ses { mails_thousand: Decimal }
    S3 { put_thousand: Decimal, read_thousand: Decimal, stored_gb: Decimal }
    CloudWatch { logs_gb: Decimal, alarm: Decimal, free_alarms: u64, metric: Decimal, free_metrics: u64 }
    XRay { traces_million: Decimal, free_traces: u64 }
    SecretsManager { secret: Decimal }
    Supposed {
        run_ms: Decimal, table_request_ms: Decimal, mail_ms: Decimal, provider_request_ms: Decimal,
        object_request_ms: Decimal, document_ms: Decimal, log_bytes_run: u64, traced_percent: Decimal,
        polls_month: u64, metrics: u64, busiest_hour: u64,
    }
    Limits {
        written_units_second: u64, runs_at_once: u64, api_requests_second: u64, events_second: u64,
        mails_second: u64, numbers_second: u64,
    }
}

impl Prices {
    /// Those of the file.
    ///
    /// # Errors
    /// [`LoadError::Host`], where it is none.
    pub fn read() -> Result<Self, LoadError> {
        let read = serde_yaml_ng::from_str(include_str!("../prices.yaml"));
        read.map_err(|error| LoadError::Host(format!("prices.yaml: {error}")))
    }
}

/// What is paid for, of a month or of one life.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is what its name says")]
pub struct Taken {
    pub written_units: Decimal,
    pub read_units: Decimal,
    pub api_requests: Decimal,
    pub runs: Decimal,
    /// How long functions ran, times their memory.
    pub gb_seconds: Decimal,
    /// How long they ran.
    pub seconds: Decimal,
    pub events: Decimal,
    pub queue_requests: Decimal,
    pub mails: Decimal,
    pub objects_put: Decimal,
    pub objects_read: Decimal,
    pub log_bytes: Decimal,
    pub traces: Decimal,
    /// In the table, and for its point-in-time recovery.
    pub kept_bytes: Decimal,
    /// In the bucket.
    pub kept_object_bytes: Decimal,
}

impl Taken {
    /// Of what a host counted.
    pub fn of(usage: &Usage, deployment: &Deployment, prices: &Prices) -> Self {
        let supposed = &prices.supposed;
        let total = usage.total();
        let (mut gb_ms, mut all_ms) = (Decimal::ZERO, Decimal::ZERO);
        for (folder, of_one) in &usage.functions {
            let ms = Decimal::from(of_one.runs) * supposed.run_ms
                + Decimal::from(of_one.requests) * supposed.table_request_ms;
            all_ms += ms;
            gb_ms += ms * deployment.memory_gb(folder);
        }
        // Who waits for them is one of the small ones; only documents are set in a large one.
        let outside = Decimal::from(usage.mails) * supposed.mail_ms
            + Decimal::from(usage.provider_requests) * supposed.provider_request_ms
            + Decimal::from(usage.objects_put + usage.objects_read) * supposed.object_request_ms;
        let setting = Decimal::from(usage.objects_put) * supposed.document_ms;
        all_ms += outside + setting;
        gb_ms += outside * deployment.memory_gb("invoices");
        gb_ms += setting * deployment.memory_gb("document-rendering");
        let runs = Decimal::from(total.runs);
        Self {
            written_units: total.write_units,
            read_units: total.read_units,
            api_requests: usage.api_requests.into(),
            runs,
            gb_seconds: gb_ms / Decimal::ONE_THOUSAND,
            seconds: all_ms / Decimal::ONE_THOUSAND,
            events: usage.events.into(),
            queue_requests: usage.queue_requests.into(),
            mails: usage.mails.into(),
            objects_put: usage.objects_put.into(),
            objects_read: usage.objects_read.into(),
            log_bytes: runs * Decimal::from(supposed.log_bytes_run),
            traces: runs * supposed.traced_percent / Decimal::ONE_HUNDRED,
            kept_bytes: Decimal::ZERO,
            kept_object_bytes: Decimal::ZERO,
        }
    }

    /// Each of it changed alike, with that of another.
    fn with(&self, other: &Self, change: impl Fn(Decimal, Decimal) -> Decimal) -> Self {
        Self {
            written_units: change(self.written_units, other.written_units),
            read_units: change(self.read_units, other.read_units),
            api_requests: change(self.api_requests, other.api_requests),
            runs: change(self.runs, other.runs),
            gb_seconds: change(self.gb_seconds, other.gb_seconds),
            seconds: change(self.seconds, other.seconds),
            events: change(self.events, other.events),
            queue_requests: change(self.queue_requests, other.queue_requests),
            mails: change(self.mails, other.mails),
            objects_put: change(self.objects_put, other.objects_put),
            objects_read: change(self.objects_read, other.objects_read),
            log_bytes: change(self.log_bytes, other.log_bytes),
            traces: change(self.traces, other.traces),
            kept_bytes: change(self.kept_bytes, other.kept_bytes),
            kept_object_bytes: change(self.kept_object_bytes, other.kept_object_bytes),
        }
    }

    /// Both together.
    pub fn and(&self, other: &Self) -> Self {
        self.with(other, |one, another| one + another)
    }

    /// What is more than in another.
    pub fn beyond(&self, other: &Self) -> Self {
        self.with(other, |one, another| one - another)
    }

    /// So many times this.
    pub fn times(&self, times: Decimal) -> Self {
        self.with(self, |one, _| one * times)
    }

    /// One of so many alike.
    pub fn each_of(&self, many: u64) -> Self {
        self.with(self, |one, _| one / Decimal::from(many.max(1)))
    }
}

/// What a month costs, by service: each what it is, and US dollars.
pub type Bill = Vec<(&'static str, Decimal)>;

/// Of what was taken in a month, and of what is kept since before.
pub fn bill(taken: &Taken, kept: &Taken, deployment: &Deployment, prices: &Prices) -> Bill {
    let per = |amount: Decimal, price: Decimal, of: u64| amount * price / Decimal::from(of);
    let beyond = |amount: Decimal, free: u64| (amount - Decimal::from(free)).max(Decimal::ZERO);
    let p = prices;
    let polls = Decimal::from(deployment.polled_queues * p.supposed.polls_month);
    let alarms = beyond(deployment.alarms.into(), p.cloudwatch.free_alarms);
    let metrics = beyond(p.supposed.metrics.into(), p.cloudwatch.free_metrics);
    let gb_seconds = beyond(taken.gb_seconds, p.lambda.free_gb_seconds);
    let gb = |bytes: Decimal, price: Decimal| per(bytes, price, GB);
    vec![
        (
            "DynamoDB",
            per(taken.written_units, p.dynamodb.written_million, MILLION)
                + per(taken.read_units, p.dynamodb.read_million, MILLION),
        ),
        (
            "Lambda",
            per(
                beyond(taken.runs, p.lambda.free_runs),
                p.lambda.runs_million,
                MILLION,
            ) + gb_seconds * p.lambda.gb_second,
        ),
        (
            "API Gateway",
            per(taken.api_requests, p.api_gateway.requests_million, MILLION),
        ),
        (
            "EventBridge",
            per(taken.events, p.eventbridge.events_million, MILLION),
        ),
        (
            "SQS",
            per(
                beyond(taken.queue_requests + polls, p.sqs.free_requests),
                p.sqs.requests_million,
                MILLION,
            ),
        ),
        (
            "S3",
            per(taken.objects_put, p.s3.put_thousand, 1_000)
                + per(taken.objects_read, p.s3.read_thousand, 1_000),
        ),
        (
            "CloudWatch",
            gb(taken.log_bytes, p.cloudwatch.logs_gb)
                + alarms * p.cloudwatch.alarm
                + metrics * p.cloudwatch.metric,
        ),
        (
            "X-Ray",
            per(
                beyond(taken.traces, p.xray.free_traces),
                p.xray.traces_million,
                MILLION,
            ),
        ),
        (
            "Secrets Manager",
            Decimal::from(deployment.secrets) * p.secrets_manager.secret,
        ),
        (
            "kept",
            gb(
                kept.kept_bytes,
                p.dynamodb.stored_gb + p.dynamodb.point_in_time_gb,
            ) + gb(kept.kept_object_bytes, p.s3.stored_gb),
        ),
        ("SES", per(taken.mails, p.ses.mails_thousand, 1_000)),
    ]
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests fail by panicking")]
    use remit_local::meter::FunctionUse;

    use super::*;

    fn cost(bill: &Bill, of: &str) -> Decimal {
        bill.iter().find(|(name, _)| *name == of).unwrap().1
    }

    #[test]
    fn a_million_of_each_costs_what_the_file_says() {
        let (prices, deployment) = (Prices::read().unwrap(), Deployment::read().unwrap());
        let million = Decimal::from(MILLION);
        let taken = Taken {
            written_units: million,
            read_units: million,
            events: million,
            mails: Decimal::ONE_THOUSAND,
            api_requests: million,
            // What is free, and a million more.
            runs: million + million,
            ..Taken::default()
        };
        let kept = Taken {
            kept_bytes: GB.into(),
            kept_object_bytes: GB.into(),
            ..Taken::default()
        };
        let bill = bill(&taken, &kept, &deployment, &prices);
        let p = &prices;
        assert_eq!(
            cost(&bill, "DynamoDB"),
            p.dynamodb.written_million + p.dynamodb.read_million
        );
        assert_eq!(cost(&bill, "Lambda"), p.lambda.runs_million);
        assert_eq!(cost(&bill, "EventBridge"), p.eventbridge.events_million);
        assert_eq!(cost(&bill, "SES"), p.ses.mails_thousand);
        let a_gb = p.dynamodb.stored_gb + p.dynamodb.point_in_time_gb + p.s3.stored_gb;
        assert_eq!(cost(&bill, "kept"), a_gb);
    }

    #[test]
    fn who_has_nothing_pays_for_alarms_polls_and_the_secret() {
        let (prices, deployment) = (Prices::read().unwrap(), Deployment::read().unwrap());
        let nothing = Taken::default();
        let bill = bill(&nothing, &nothing, &deployment, &prices);
        let paid = bill.iter().filter(|(_, cost)| !cost.is_zero());
        let paid: Vec<_> = paid.map(|(name, _)| *name).collect();
        assert_eq!(paid, ["SQS", "CloudWatch", "Secrets Manager"]);
    }

    #[test]
    fn functions_of_more_memory_cost_more() {
        let (prices, deployment) = (Prices::read().unwrap(), Deployment::read().unwrap());
        let usage = |folder: &str| {
            let mut usage = Usage::default();
            let of_one = FunctionUse {
                runs: 1,
                requests: 2,
                ..FunctionUse::default()
            };
            usage.functions.insert(folder.to_owned(), of_one);
            Taken::of(&usage, &deployment, &prices)
        };
        let (small, large) = (usage("invoices"), usage("document-rendering"));
        let supposed = &prices.supposed;
        let ms = supposed.run_ms + Decimal::TWO * supposed.table_request_ms;
        assert_eq!(small.seconds, ms / Decimal::ONE_THOUSAND);
        assert_eq!(small.seconds, large.seconds);
        assert_eq!(small.gb_seconds * Decimal::TWO, large.gb_seconds);
        let twice = small.times(Decimal::TWO);
        assert_eq!(twice.beyond(&small), small);
        assert_eq!(small.and(&small), twice);
        assert_eq!(twice.each_of(2), small);
    }
}
