use std::sync::Arc;

use aws_sdk_dynamodb::error::ProvideErrorMetadata;
use aws_sdk_dynamodb::types::{AttributeValue, Delete, KeysAndAttributes, TransactWriteItem};
use aws_sdk_eventbridge::types::PutEventsRequestEntry;
use aws_sdk_sesv2::types::{
    Body, Content, Destination, EmailContent, Message, MessageHeader, MessageTag,
};
use aws_sdk_ssm::types::ParameterType;
use remit_embedded_table::EmbeddedTable;

use super::*;
use crate::iam::ADMINISTRATOR;
use crate::shelf::Shelf;
use crate::template::{Names, Template};

fn cloud() -> Arc<Cloud> {
    let text = include_str!("../../fixtures/template.yaml");
    let names = Names::local(&[("MailFrom", "billing@agency.example")]);
    let template = Template::parse(text, &names).unwrap();
    let table = EmbeddedTable::memory().unwrap();
    let shelf = Shelf::memory().unwrap();
    Arc::new(Cloud::open(shelf, template, table, "http://127.0.0.1:3000").unwrap())
}

#[tokio::test]
async fn the_real_sdk_puts_events_on_the_bus_and_into_the_queue() {
    let cloud = cloud();
    let client =
        aws_sdk_eventbridge::Client::new(&sdk_config(Arc::downgrade(&cloud), ADMINISTRATOR));
    let entry = |bus: &str, detail_type: &str, detail: &str| {
        PutEventsRequestEntry::builder()
            .event_bus_name(bus)
            .source("remit")
            .detail_type(detail_type)
            .detail(detail)
            .build()
    };
    let answer = client
        .put_events()
        .entries(entry("remit-dev", "invoice.sent", "{\"a\":1}"))
        .entries(entry("remit-dev", "invoice.paid", "{}"))
        .entries(entry("nowhere", "invoice.sent", "{}"))
        .entries(entry("remit-dev", "invoice.sent", "no json"))
        .send()
        .await
        .unwrap();
    assert_eq!(answer.failed_entry_count, 2);
    let codes: Vec<_> = answer
        .entries()
        .iter()
        .map(|entry| entry.error_code())
        .collect();
    assert_eq!(
        codes,
        [
            None,
            None,
            Some("ResourceNotFoundException"),
            Some("MalformedDetail")
        ]
    );
    assert_eq!(cloud.queues.depths(cloud.now())["Mails"].visible, 1);
    let message: Value = serde_json::from_str(&cloud.queues.messages("Mails")[0].body).unwrap();
    assert_eq!(message["detail-type"], "invoice.sent");
    assert_eq!(message["detail"], json!({"a": 1}));
    let stated = cloud.events();
    assert_eq!(stated.len(), 2);
    assert_eq!(
        (stated[0].rules.as_slice(), stated[1].rules.len()),
        (["MailsRule".to_owned()].as_slice(), 0)
    );
}

/// What the SDK says to a call that was denied.
fn denial<E: ProvideErrorMetadata>(failed: Result<(), E>) -> Option<String> {
    let error = failed.err()?;
    assert_eq!(error.code(), Some("AccessDeniedException"));
    error.message().map(str::to_owned)
}

#[tokio::test]
async fn a_function_may_do_to_the_table_what_its_policies_allow() {
    let cloud = cloud();
    let config = sdk_config(Arc::downgrade(&cloud), "ClientsFunction");
    let tables = aws_sdk_dynamodb::Client::new(&config);
    let administered = sdk_config(Arc::downgrade(&cloud), ADMINISTRATOR);
    let table = cloud.template.tables[0].as_str();
    let administered = aws_sdk_dynamodb::Client::new(&administered);
    remit_store::schema::create_table(&administered, table)
        .await
        .unwrap();
    let text = |text: &str| AttributeValue::S(text.to_owned());
    let put = tables
        .put_item()
        .table_name(table)
        .item("pk", text("acc_1#audit#inv_1"))
        .item("sk", text("entry"));
    put.send().await.unwrap();

    let query = |index: Option<&str>, name: &str, key: &str| {
        tables
            .query()
            .table_name(table)
            .set_index_name(index.map(str::to_owned))
            .key_condition_expression("(#k=:k)")
            .expression_attribute_names("#k", name)
            .expression_attribute_values(":k", text(key))
            .send()
    };
    let found = query(None, "pk", "acc_1#audit#inv_1").await.unwrap();
    assert_eq!(found.count, 1);
    query(Some("by_client"), "client_pk", "acc_1#cli_1")
        .await
        .unwrap();
    for (index, name, key, said) in [
        (None, "pk", "acc_1#inv_1", "dynamodb:Query"),
        (Some("by_due"), "due_pk", "due#payment#0", "index/by_due"),
    ] {
        let denied = query(index, name, key).await.map(|_| ());
        assert!(denial(denied).unwrap().contains(said));
    }
    let read = tables.batch_get_item().request_items(
        table,
        KeysAndAttributes::builder()
            .keys([("pk".to_owned(), text("a")), ("sk".to_owned(), text("b"))].into())
            .build()
            .unwrap(),
    );
    let denied = read.send().await.map(|_| ());
    assert!(denial(denied).unwrap().contains("dynamodb:BatchGetItem"));
    // Each part of a transaction is asked for by itself.
    let gone = Delete::builder()
        .table_name(table)
        .key("pk", text("acc_1#audit#inv_1"))
        .key("sk", text("entry"))
        .build()
        .unwrap();
    let gone = TransactWriteItem::builder().delete(gone).build();
    let denied = tables.transact_write_items().transact_items(gone).send();
    let denied = denied.await.map(|_| ());
    assert!(denial(denied).unwrap().contains("dynamodb:DeleteItem"));
    assert_eq!(
        query(None, "pk", "acc_1#audit#inv_1").await.unwrap().count,
        1
    );
}

#[tokio::test]
async fn a_function_reads_and_says_what_its_role_allows() {
    let cloud = cloud();
    let as_function = |id: &str| sdk_config(Arc::downgrade(&cloud), id);
    let links = "/aws/reference/secretsmanager/remit-dev-links";
    for name in [links, "/remit/dev/acc_x/stripe"] {
        cloud.parameters.put(name, "secret", false).unwrap();
    }
    let read = async |id: &str, name: &str| {
        let client = aws_sdk_ssm::Client::new(&as_function(id));
        client.get_parameter().name(name).send().await.map(|_| ())
    };
    assert_eq!(denial(read("ClientsFunction", links).await), None);
    let denied = denial(read("ClientsFunction", "/remit/dev/acc_x/stripe").await);
    assert!(denied.unwrap().contains("parameter/remit/dev/acc_x/stripe"));
    // A role that the template names apart counts as well.
    assert_eq!(
        denial(read("AuthorizerFunction", "/remit/dev/acc_x/stripe").await),
        None
    );
    assert!(denial(read("AuthorizerFunction", links).await).is_some());
    // No function of the template.
    assert!(denial(read("Nobody", links).await).is_some());

    let say = async |source: &str| {
        let client = aws_sdk_eventbridge::Client::new(&as_function("ClientsFunction"));
        let entry = PutEventsRequestEntry::builder()
            .event_bus_name("remit-dev")
            .source(source)
            .detail_type("invoice.sent")
            .detail("{}")
            .build();
        client.put_events().entries(entry).send().await.map(|_| ())
    };
    assert_eq!(denial(say("remit").await), None);
    assert!(
        denial(say("else").await)
            .unwrap()
            .contains("events:PutEvents")
    );
    assert_eq!(cloud.events().len(), 1);
    let mails = aws_sdk_sesv2::Client::new(&as_function("ClientsFunction"));
    let sent = mails.send_email().from_email_address("a@agency.example");
    assert!(denial(sent.send().await.map(|_| ())).is_some());
}

#[tokio::test]
async fn the_real_sdk_keeps_secrets() {
    let cloud = cloud();
    let client = aws_sdk_ssm::Client::new(&sdk_config(Arc::downgrade(&cloud), ADMINISTRATOR));
    let name = "/remit/dev/acc_x/stripe";
    let missing = client.get_parameter().name(name).send().await.unwrap_err();
    assert!(missing.as_service_error().unwrap().is_parameter_not_found());
    let put = |overwrite: bool| {
        client
            .put_parameter()
            .name(name)
            .value("secret")
            .r#type(ParameterType::SecureString)
            .overwrite(overwrite)
            .send()
    };
    put(false).await.unwrap();
    let twice = put(false).await.unwrap_err();
    assert!(
        twice
            .as_service_error()
            .unwrap()
            .is_parameter_already_exists()
    );
    assert_eq!(put(true).await.unwrap().version, 2);
    let got = client
        .get_parameter()
        .name(name)
        .with_decryption(true)
        .send()
        .await
        .unwrap();
    assert_eq!(got.parameter.unwrap().value.unwrap(), "secret");
    client.delete_parameter().name(name).send().await.unwrap();
    let gone = client
        .delete_parameter()
        .name(name)
        .send()
        .await
        .unwrap_err();
    assert!(gone.as_service_error().unwrap().is_parameter_not_found());
}

#[tokio::test]
async fn the_real_sdk_sends_mail_and_ses_tells_what_became_of_it() {
    let cloud = cloud();
    let client = aws_sdk_sesv2::Client::new(&sdk_config(Arc::downgrade(&cloud), ADMINISTRATOR));
    let utf8 = |text: &str| {
        Content::builder()
            .data(text)
            .charset("UTF-8")
            .build()
            .unwrap()
    };
    let send = |to: &str, set: Option<&str>| {
        let message = Message::builder()
            .subject(utf8("청구서"))
            .body(
                Body::builder()
                    .text(utf8("text"))
                    .html(utf8("<p>html</p>"))
                    .build(),
            )
            .headers(
                MessageHeader::builder()
                    .name("List-Unsubscribe")
                    .value("<x>")
                    .build()
                    .unwrap(),
            )
            .build();
        client
            .send_email()
            .from_email_address("Agency <billing@agency.example>")
            .destination(Destination::builder().to_addresses(to).build())
            .content(EmailContent::builder().simple(message).build())
            .email_tags(
                MessageTag::builder()
                    .name("remit_delivery")
                    .value("dlv_1")
                    .build()
                    .unwrap(),
            )
            .set_configuration_set_name(set.map(str::to_owned))
            .send()
    };
    let set = Some("remit-local-Mailing");
    let id = send("ada@client.example", set)
        .await
        .unwrap()
        .message_id
        .unwrap();
    send("bounce@simulator.amazonses.com", set).await.unwrap();
    send("complaint@simulator.amazonses.com", set)
        .await
        .unwrap();
    send("ada@client.example", None).await.unwrap();
    let mails = cloud.mailbox.all();
    assert_eq!(mails.len(), 4);
    assert_eq!(mails[0].id, id);
    assert_eq!(
        (mails[0].subject.as_str(), mails[0].text.as_str()),
        ("청구서", "text")
    );
    assert_eq!(mails[0].headers["List-Unsubscribe"], "<x>");
    let fates: Vec<_> = mails.iter().map(|mail| mail.fate.as_str()).collect();
    assert_eq!(fates, ["Delivery", "Bounce", "Complaint", "Delivery"]);
    let events = cloud.events();
    let kinds: Vec<_> = events
        .iter()
        .map(|e| e.event["detail-type"].as_str().unwrap())
        .collect();
    assert_eq!(
        kinds,
        [
            "Email Sent",
            "Email Delivered",
            "Email Sent",
            "Email Bounced",
            "Email Sent",
            "Email Complaint Received"
        ]
    );
    assert!(
        events
            .iter()
            .all(|e| e.bus == "default" && e.rules == ["MailFeedbackFunction.Feedback"])
    );
    assert!(
        client
            .send_email()
            .from_email_address("nobody")
            .send()
            .await
            .is_err()
    );
}
