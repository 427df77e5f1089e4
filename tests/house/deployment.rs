//! What the code takes for granted of its deployment.

use std::cell::RefCell;
use std::collections::BTreeSet;

use remit_oidc::fetch::FETCH_TIMEOUT;
use remit_runtime::Config;
use remit_store::schema::table_schema;
use serde_yaml_ng::Value;

use crate::template::{FunctionBlock, Route, Template, at, named, text_at, untagged};
use crate::{differences, hold};

/// The gateway's longest wait for an answer.
const GATEWAY_TIMEOUT_S: u64 = 30;
/// The gateway's longest wait for an authorizer.
const AUTHORIZER_WAIT_S: u64 = 10;
/// Visibility of a queue, in timeouts of its function.
const VISIBILITY_FACTOR: u64 = 6;

#[test]
fn the_table_is_the_one_of_the_code() {
    let template = Template::read();
    let table = template.at(&["Resources", "Table", "Properties"]).unwrap();
    let schema = table_schema();
    let keys = |value: &Value| {
        let list = value["KeySchema"].as_sequence().unwrap().iter();
        let of = |kind: &str| {
            list.clone()
                .find(|key| text_at(key, &["KeyType"]) == Some(kind))
                .and_then(|key| text_at(key, &["AttributeName"]).map(str::to_owned))
        };
        (of("HASH"), of("RANGE"))
    };
    let pair = |pk: &str, sk: &str| (Some(pk.to_owned()), Some(sk.to_owned()));
    assert_eq!(keys(table), pair(schema.partition_key, schema.sort_key));
    let found: BTreeSet<_> = table["GlobalSecondaryIndexes"]
        .as_sequence()
        .unwrap()
        .iter()
        .map(|index| {
            let name = text_at(index, &["IndexName"]).unwrap().to_owned();
            let projection = text_at(index, &["Projection", "ProjectionType"]).unwrap();
            (name, keys(index), projection.to_owned())
        })
        .collect();
    let wanted: BTreeSet<_> = schema
        .indexes
        .iter()
        .map(|index| {
            let keys = pair(index.partition_key, index.sort_key);
            (index.name.to_owned(), keys, index.projection.to_owned())
        })
        .collect();
    assert_eq!(
        found, wanted,
        "the indexes of template.yaml and those of the code"
    );
    let text = |path: &[&str]| text_at(table, path).unwrap();
    assert_eq!(text(&["BillingMode"]), schema.billing_mode);
    assert_eq!(
        text(&["StreamSpecification", "StreamViewType"]),
        schema.stream_view_type
    );
    assert_eq!(
        text(&["TimeToLiveSpecification", "AttributeName"]),
        schema.expiry_attribute
    );
    for path in [
        [
            "PointInTimeRecoverySpecification",
            "PointInTimeRecoveryEnabled",
        ],
        ["SSESpecification", "SSEEnabled"],
        ["TimeToLiveSpecification", "Enabled"],
    ] {
        assert_eq!(
            at(table, &path).and_then(Value::as_bool),
            Some(true),
            "{path:?}"
        );
    }
}

#[test]
fn functions_get_the_environment_that_they_read() {
    let template = Template::read();
    let variables = template.at(&["Globals", "Function", "Environment", "Variables"]);
    let given: BTreeSet<String> = variables
        .and_then(Value::as_mapping)
        .unwrap()
        .keys()
        .map(|name| name.as_str().unwrap().to_owned())
        // Read by the log, not by Config.
        .filter(|name| name != "RUST_LOG")
        .collect();
    let asked = RefCell::new(BTreeSet::new());
    let config = Config::from_vars(|name| {
        asked.borrow_mut().insert(name.to_owned());
        Some(String::new())
    });
    assert!(config.is_ok());
    let mut asked = asked.into_inner();
    // Lambda sets it, and refuses templates that do.
    assert!(asked.remove("AWS_LAMBDA_FUNCTION_NAME"));
    hold(differences(
        &asked,
        &given,
        |name| format!("template.yaml: Globals.Function.Environment lacks {name}"),
        |name| format!("template.yaml: {name} is set, but Config does not read it"),
    ));
}

#[test]
fn a_revoked_key_is_out_at_once() {
    let template = Template::read();
    let auth = template
        .at(&["Resources", "Api", "Properties", "Auth"])
        .unwrap();
    let default = text_at(auth, &["DefaultAuthorizer"]).unwrap();
    let authorizer = at(auth, &["Authorizers", default]).unwrap();
    assert_eq!(authorizer["Identity"]["ReauthorizeEvery"].as_u64(), Some(0));
    assert_eq!(authorizer["EnableSimpleResponses"].as_bool(), Some(true));
    assert_eq!(
        authorizer["EnableFunctionDefaultPermissions"].as_bool(),
        Some(true)
    );
    assert_eq!(
        text_at(authorizer, &["AuthorizerPayloadFormatVersion"]),
        Some("2.0")
    );
}

/// Tokens are of the pool that the stack makes, or of the issuer that is named, and never of both.
#[test]
fn tokens_are_of_one_issuer_for_named_audiences() {
    let template = Template::read();
    let variables = ["Globals", "Function", "Environment", "Variables"];
    let variables = template.at(&variables).unwrap();
    for (name, of_pool, of_issuer) in [
        ("OIDC_ISSUER", "UserPool", "OidcIssuer"),
        ("OIDC_AUDIENCES", "UserPoolClient", "OidcAudiences"),
    ] {
        let choice = untagged(&variables[name]).as_sequence().unwrap();
        assert_eq!(choice[0].as_str(), Some("MakesUserPool"), "{name}");
        assert_eq!(named(&choice[1]), Some(of_pool), "{name}");
        assert_eq!(named(&choice[2]), Some(of_issuer), "{name}");
    }
    let pattern = template.at(&["Parameters", "OidcIssuer", "AllowedPattern"]);
    assert!(
        pattern
            .and_then(Value::as_str)
            .unwrap()
            .contains("^https://")
    );
    assert!(template.at(&["Rules", "IssuerHasAudiences"]).is_some());

    let pool = template.at(&["Resources", "UserPool"]).unwrap();
    let client = template.at(&["Resources", "UserPoolClient"]).unwrap();
    for made in [pool, client] {
        assert_eq!(text_at(made, &["Condition"]), Some("MakesUserPool"));
        assert_eq!(text_at(made, &["DeletionPolicy"]), Some("Retain"));
        assert_eq!(text_at(made, &["UpdateReplacePolicy"]), Some("Retain"));
    }
    // Nobody makes an account in it for themself.
    let admins = [
        "Properties",
        "AdminCreateUserConfig",
        "AllowAdminCreateUserOnly",
    ];
    assert_eq!(at(pool, &admins).and_then(Value::as_bool), Some(true));
    let secret = at(client, &["Properties", "GenerateSecret"]);
    assert_eq!(secret.and_then(Value::as_bool), Some(false));
}

/// The page of members leads to the pool by a code and back to its own address, where that is known when the client is made.
#[test]
fn members_come_back_from_the_pool_to_their_page_and_nowhere_else() {
    let template = Template::read();
    let client = ["Resources", "UserPoolClient", "Properties"];
    let client = template.at(&client).unwrap();
    let chosen = |name: &str| {
        let choice = untagged(&client[name]).as_sequence().unwrap();
        assert_eq!(choice[0].as_str(), Some("KnowsAddress"), "{name}");
        choice[1].clone()
    };
    // A token in an address stays in histories: there is no implicit flow.
    assert_eq!(chosen("AllowedOAuthFlows"), Value::from(vec!["code"]));
    assert_eq!(chosen("AllowedOAuthScopes"), Value::from(vec!["openid"]));
    let back = chosen("CallbackURLs");
    let back = back.as_sequence().unwrap();
    assert_eq!(back.len(), 1);
    let addresses = untagged(&back[0]).as_sequence().unwrap();
    for address in &addresses[1..] {
        let address = untagged(address).as_str().unwrap();
        assert!(address.ends_with("}/overview/signed-in"), "{address}");
    }
    let variable = [
        "Globals",
        "Function",
        "Environment",
        "Variables",
        "OIDC_CLIENT_ID",
    ];
    let choice = untagged(template.at(&variable).unwrap());
    let choice = choice.as_sequence().unwrap();
    assert_eq!(choice[0].as_str(), Some("MakesUserPool"));
    let of_pool = untagged(&choice[1]).as_sequence().unwrap();
    assert_eq!(of_pool[0].as_str(), Some("KnowsAddress"));
    assert_eq!(named(&of_pool[1]), Some("UserPoolClient"));
    assert_eq!(of_pool[2].as_str(), Some(""));
    assert_eq!(named(&choice[2]), Some("OidcClientId"));
}

/// Two documents of the issuer's and two reads, within what the gateway waits.
#[test]
fn the_authorizer_has_time_to_fetch_keys() {
    let template = Template::read();
    let mut functions = template.functions();
    let authorizer = functions.find(|function| function.binary() == Some("authorizer"));
    let timeout = authorizer.unwrap().property(&["Timeout"]).cloned();
    let timeout_s = timeout.and_then(|timeout| timeout.as_u64()).unwrap();
    assert!(timeout_s <= AUTHORIZER_WAIT_S);
    assert!(2 * FETCH_TIMEOUT.as_secs() + 2 < timeout_s);
}

#[test]
fn path_parts_are_a_parameter_or_a_word() {
    let mut faults = Vec::new();
    for route in Template::read().routes() {
        let path = route
            .key
            .split_once(' ')
            .map(|(_, path)| path)
            .unwrap_or_default();
        for part in path.trim_start_matches('/').split('/') {
            let inner = part
                .strip_prefix('{')
                .and_then(|part| part.strip_suffix('}'));
            if part.is_empty() || inner.unwrap_or(part).contains(['{', '}', '+']) {
                faults.push(format!(
                    "{:?}: {part:?} is refused by the gateway",
                    route.key
                ));
            }
        }
    }
    hold(faults);
}

/// So a route is easily found, and says by itself which function answers it.
#[test]
fn the_routes_are_in_order_and_named_after_their_functions() {
    let template = Template::read();
    let routes = template.routes();
    let mut faults = Vec::new();
    for pair in routes.windows(2) {
        let path = |route: &Route| route.key.split_once(' ').map(|(_, path)| path.to_owned());
        if path(&pair[0]) > path(&pair[1]) {
            faults.push(format!("{:?} stands after {:?}", pair[1].key, pair[0].key));
        }
    }
    for function in template.functions() {
        let of_it = routes.iter().filter(|route| route.function == function.id);
        for route in of_it {
            if Some(route.integration.as_str()) != function.binary() {
                let (key, name) = (&route.key, &route.integration);
                faults.push(format!("{key:?}: {name} leads to {}", function.id));
            }
        }
    }
    hold(faults);
}

fn called_by_the_gateway(template: &Template) -> BTreeSet<String> {
    let routes = template.routes().into_iter();
    routes.map(|route| route.function).collect()
}

fn timeout_s(template: &Template, function: &FunctionBlock<'_>) -> u64 {
    let own = function.property(&["Timeout"]);
    let value = own.or_else(|| template.at(&["Globals", "Function", "Timeout"]));
    value.and_then(Value::as_u64).unwrap()
}

#[test]
fn timeouts_fit_what_waits_for_them() {
    let template = Template::read();
    let called = called_by_the_gateway(&template);
    let mut faults = Vec::new();
    for function in template.functions() {
        let (id, timeout) = (function.id, timeout_s(&template, &function));
        if called.contains(id) && timeout >= GATEWAY_TIMEOUT_S {
            faults.push(format!(
                "{id}: {timeout} s is longer than the gateway waits"
            ));
        }
        for (event, kind, properties) in function.events() {
            if kind != "SQS" {
                continue;
            }
            let queue = named(&properties["Queue"]).unwrap();
            let queue = template.at(&["Resources", queue, "Properties"]).unwrap();
            let visibility = queue["VisibilityTimeout"].as_u64().unwrap();
            if visibility < VISIBILITY_FACTOR * timeout {
                faults.push(format!(
                    "{id}.{event}: its queue hides a message {visibility} s only"
                ));
            }
        }
    }
    hold(faults);
}

/// Where what an asynchronous trigger gives up goes: a queue of dead letters, or a bucket.
fn dead_letters<'a>(
    template: &'a Template,
    function: &FunctionBlock<'a>,
    kind: &str,
    properties: &'a Value,
) -> Vec<Option<&'a str>> {
    let arn = |value: Option<&'a Value>| value.and_then(named);
    match kind {
        "SQS" => {
            let queue = named(&properties["Queue"]).unwrap();
            let path = [
                "Resources",
                queue,
                "Properties",
                "RedrivePolicy",
                "deadLetterTargetArn",
            ];
            vec![arn(template.at(&path))]
        }
        "DynamoDB" => {
            let path = ["DestinationConfig", "OnFailure", "Destination"];
            vec![arn(at(properties, &path))]
        }
        // Given up before the function, and after it.
        "ScheduleV2" | "EventBridgeRule" => {
            let path = [
                "EventInvokeConfig",
                "DestinationConfig",
                "OnFailure",
                "Destination",
            ];
            let before = arn(at(properties, &["DeadLetterConfig", "Arn"]));
            vec![
                before,
                arn(function.block["Properties"]
                    .get(path[0])
                    .and_then(|c| at(c, &path[1..]))),
            ]
        }
        _ => Vec::new(),
    }
}

#[test]
fn nothing_asynchronous_is_given_up_unseen() {
    let template = Template::read();
    let watched: BTreeSet<&str> = template
        .of_type("AWS::CloudWatch::Alarm")
        .flat_map(|(_, alarm)| alarm["Properties"]["Dimensions"].as_sequence())
        .flatten()
        .filter_map(|dimension| named(&dimension["Value"]))
        .collect();
    let called = called_by_the_gateway(&template);
    let mut faults = Vec::new();
    for function in template.functions() {
        let id = function.id;
        // What is invoked by itself ends in dead letters where it fails, which are watched: see below.
        let events = function.events();
        let ends_unseen = events.iter().any(|(_, kind, properties)| {
            dead_letters(&template, &function, kind, properties).is_empty()
        });
        // What another service invokes without waiting ends in the function's own dead letters.
        let own = [
            "EventInvokeConfig",
            "DestinationConfig",
            "OnFailure",
            "Destination",
        ];
        let own = function.property(&own).and_then(named);
        let is_given_up_seen = own.is_some_and(|letters| watched.contains(letters));
        let ends_unseen = ends_unseen || called.contains(id);
        // What may do nothing, and is only asked, loses nothing: the API's alarm sees its failures.
        let may_nothing = ["Policies", "Role"]
            .iter()
            .all(|property| function.property(&[*property]).is_none());
        let is_asked = events.is_empty() && called.contains(id);
        let is_seen = may_nothing && is_asked && watched.contains("Api");
        let is_invoked_elsewhere = events.is_empty() && !is_given_up_seen;
        if !is_seen && !watched.contains(id) && (is_invoked_elsewhere || ends_unseen) {
            faults.push(format!("template.yaml: no alarm watches {id}"));
        }
        for (event, kind, properties) in function.events() {
            for letters in dead_letters(&template, &function, kind, properties) {
                let Some(letters) = letters else {
                    faults.push(format!("template.yaml: {id}.{event} has no dead letters"));
                    continue;
                };
                // What the stream puts into its bucket is counted by its mapping.
                let mapping = format!("{id}{event}");
                if !watched.contains(letters) && !watched.contains(mapping.as_str()) {
                    faults.push(format!("template.yaml: no alarm watches {letters}"));
                }
            }
            if kind == "SQS" || kind == "DynamoDB" {
                let types = properties["FunctionResponseTypes"].as_sequence();
                if !types.is_some_and(|types| types.iter().any(|t| t == "ReportBatchItemFailures"))
                {
                    faults.push(format!("{id}.{event} lacks ReportBatchItemFailures"));
                }
            }
        }
    }
    hold(faults);
}

#[test]
fn rules_give_up_into_dead_letters() {
    let template = Template::read();
    let mut faults = Vec::new();
    for (id, rule) in template.of_type("AWS::Events::Rule") {
        for target in rule["Properties"]["Targets"].as_sequence().unwrap() {
            for part in ["DeadLetterConfig", "RetryPolicy"] {
                if target.get(part).is_none() {
                    faults.push(format!("template.yaml: a target of {id} lacks {part}"));
                }
            }
        }
    }
    hold(faults);
}

#[test]
fn logs_are_kept_for_a_while_and_not_for_ever() {
    let template = Template::read();
    let mut faults = Vec::new();
    for function in template.functions() {
        let group = function
            .property(&["LoggingConfig", "LogGroup"])
            .and_then(named);
        let kept = group
            .and_then(|group| template.at(&["Resources", group, "Properties", "RetentionInDays"]));
        if kept.is_none() {
            faults.push(format!(
                "template.yaml: {} has no log group with a retention",
                function.id
            ));
        }
    }
    hold(faults);
}
