use super::*;

const TEMPLATE: &str = include_str!("../../fixtures/template.yaml");

fn names() -> Names {
    Names::local(&[("MailFrom", "billing@agency.example")])
}

fn template() -> Template {
    Template::parse(TEMPLATE, &names()).unwrap()
}

fn refusal(from: &str, to: &str) -> String {
    assert!(TEMPLATE.contains(from), "{from}");
    Template::parse(&TEMPLATE.replace(from, to), &names())
        .unwrap_err()
        .to_string()
}

#[test]
fn functions_have_their_folder_environment_and_limits() {
    let template = template();
    let clients = &template.functions["ClientsFunction"];
    assert_eq!(clients.folder, "clients");
    assert_eq!(clients.timeout, Duration::from_secs(29));
    assert_eq!(clients.environment["TABLE_NAME"], "remit-dev-documents");
    assert_eq!(clients.environment["EVENT_BUS_NAME"], "remit-dev");
    assert_eq!(clients.environment["MAIL_FROM"], "billing@agency.example");
    assert_eq!(clients.environment["LIMIT"], "7");
    assert_eq!(
        clients.environment["LINK_SECRET_NAME"],
        "/aws/reference/secretsmanager/remit-dev-links"
    );
    let feedback = &template.functions["MailFeedbackFunction"];
    assert_eq!(feedback.folder, "mail-feedback");
    assert_eq!(feedback.retries_max, 1);
    assert_eq!(feedback.dead_letters.as_deref(), Some("DeadLetters"));
    assert!(!template.functions.contains_key("ProductionOnlyFunction"));
}

#[test]
fn routes_have_the_authorizer_or_none() {
    let template = template();
    let routes: Vec<_> = template
        .routes
        .iter()
        .map(|route| {
            (
                route.key.as_str(),
                route.function.as_str(),
                route.authorizer.is_some(),
            )
        })
        .collect();
    assert_eq!(
        routes,
        [
            ("POST /v1/clients", "ClientsFunction", true),
            ("GET /v1/clients/{client_id}", "ClientsFunction", true),
            ("GET /p/{token}", "ClientsFunction", false),
        ]
    );
    let authorizer = &template.authorizers["ApiKey"];
    assert_eq!(authorizer.function, "AuthorizerFunction");
    assert_eq!(authorizer.identity_headers, ["authorization"]);
}

#[test]
fn triggers_are_read() {
    let template = template();
    let mapping = &template.queue_mappings[0];
    assert_eq!((mapping.queue.as_str(), mapping.batch_max), ("Mails", 5));
    assert!(mapping.partial_answers);
    let stream = &template.stream_mappings[0];
    assert_eq!(stream.table, "remit-dev-documents");
    assert_eq!((stream.retries_max, stream.bisects), (Some(3), true));
    assert_eq!(template.schedules[0].name, "JanitorFunction.Sweep");
    let queue = &template.queues["Mails"];
    assert_eq!(queue.visibility, Duration::from_secs(180));
    assert_eq!(
        (queue.dead_letters.as_deref(), queue.receives_max),
        (Some("DeadLetters"), 4)
    );
    let rules: Vec<_> = template
        .rules
        .iter()
        .map(|rule| {
            (
                rule.name.as_str(),
                rule.bus.as_str(),
                rule.targets[0].target.clone(),
            )
        })
        .collect();
    assert_eq!(
        rules,
        [
            (
                "MailFeedbackFunction.Feedback",
                "default",
                Target::Function("MailFeedbackFunction".to_owned())
            ),
            ("MailsRule", "remit-dev", Target::Queue("Mails".to_owned())),
        ]
    );
    let event = serde_json::json!({
        "source": "aws.ses",
        "detail": {"mail": {"tags": {"ses:configuration-set": ["remit-local-Mailing"]}}}
    });
    assert!(template.rules[0].pattern.matches(&event));
}

#[test]
fn what_leads_nowhere_is_refused() {
    assert!(refusal("Arn: !GetAtt Mails.Arn", "Arn: !GetAtt Clients.Arn").contains("Clients"));
    assert!(refusal("DefaultAuthorizer: ApiKey", "DefaultAuthorizer: Nobody").contains("Nobody"));
    assert!(refusal("/v1/clients/{client_id}", "/v1/clients/c_{client_id}").contains("c_{"));
    assert!(refusal("{client_id}", "{client}").contains("parameters"));
    assert!(refusal("integrations/clients'}", "integrations/client'}").contains("of client is"));
    assert!(refusal("payloadFormatVersion: '2.0'", "payloadFormatVersion: '1.0'").contains("2.0"));
    assert!(
        refusal("functions/${ClientsFunction.Alias}", "functions/${Bus.Arn}")
            .contains("may not invoke")
    );
    // To be let to a function is not to be let to its alias, nor the other way round.
    for (from, to) in [
        ("!Ref ClientsFunction.Alias", "!Ref ClientsFunction"),
        ("${ClientsFunction.Alias}", "${ClientsFunction.Arn}"),
        ("!Ref ClientsFunction.Alias", "!Ref JanitorFunction"),
    ] {
        assert!(refusal(from, to).contains("may not invoke"), "{from}, {to}");
    }
    let without = refusal("!Ref ClientsFunction.Alias", "!Ref JanitorFunction.Alias");
    assert!(without.contains("publishes no alias"), "{without}");
    assert!(refusal("${Api}/*", "${Bus}/*").contains("may not invoke"));
    assert!(refusal(", responses: {}, security", ", security").contains("GET /p/{token}"));
    assert!(refusal("[{NONE: []}]", "[{Nobody: []}]").contains("Nobody"));
    assert!(refusal("[{NONE: []}]", "[{NONE: []}, {ApiKey: []}]").contains("more than one"));
    assert!(refusal("rate(5 minutes)", "rate(5 seconds)").contains("rate(5 seconds)"));
    assert!(refusal("Type: SQS", "Type: Kafka").contains("Kafka"));
    assert!(refusal("Ref MailFrom", "Ref MailSender").contains("MailSender"));
    assert!(refusal("invoice.sent", "a\", {\"cidr\": \"x\"}, \"b").contains("cidr"));
}

#[test]
fn the_workspaces_template_is_read() {
    if path_of_workspace().exists() {
        let template =
            Template::of_workspace(&crate::host::local_names("http://127.0.0.1:3000")).unwrap();
        assert!(
            template
                .routes
                .iter()
                .any(|route| route.key == "POST /v1/invoices")
        );
    }
}
