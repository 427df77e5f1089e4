//! What an operator finds when an alarm goes off.

use std::collections::BTreeSet;

use serde_yaml_ng::Value;

use crate::source::rust_files;
use crate::template::{Template, at, text_at, untagged};
use crate::{differences, hold, read};

const RUNBOOK: &str = "infra/operate/RUNBOOK.md";
const PREFIX: &str = "remit-${Stage}-";

/// The first cells of the first table of the runbook that says what an alarm asks for, each with the second.
fn lines(page: &str) -> Vec<(String, String)> {
    let (_, table) = page.split_once("| alarm | what to do |\n").unwrap();
    let rows = table.lines().take_while(|line| line.starts_with('|'));
    let rows = rows.filter(|line| !line.starts_with("| --- "));
    rows.map(|row| {
        let mut cells = row.trim_matches('|').splitn(2, " | ").map(str::trim);
        let name = cells.next().unwrap().trim_matches('`').to_owned();
        (name, cells.next().unwrap_or_default().to_owned())
    })
    .collect()
}

#[test]
fn each_alarm_has_a_line_that_says_what_to_do() {
    let template = Template::read();
    let alarms: BTreeSet<String> = template
        .of_type("AWS::CloudWatch::Alarm")
        .map(|(id, alarm)| {
            let name = untagged(&alarm["Properties"]["AlarmName"]).as_str();
            let name = name.unwrap_or_else(|| panic!("{id} has no name"));
            let short = name.strip_prefix(PREFIX);
            short.unwrap_or_else(|| panic!("{id}: {name}")).to_owned()
        })
        .collect();
    let lines = lines(&read(RUNBOOK));
    let named: BTreeSet<String> = lines.iter().map(|(name, _)| name.clone()).collect();
    assert_eq!(named.len(), lines.len(), "an alarm has two lines");
    let silent = lines.iter().filter(|(_, what)| what.len() < 40);
    let silent = silent.map(|(name, what)| format!("{RUNBOOK}: {name}: {what:?} says little"));
    let differences = differences(
        &alarms,
        &named,
        |name| format!("{RUNBOOK} has no line for {PREFIX}{name}"),
        |name| format!("{RUNBOOK}: template.yaml has no alarm {PREFIX}{name}"),
    );
    hold(silent.chain(differences));
}

/// Somebody hears of each, and hears when it is over.
#[test]
fn each_alarm_is_told_to_somebody() {
    let template = Template::read();
    let mut faults = Vec::new();
    for (id, alarm) in template.of_type("AWS::CloudWatch::Alarm") {
        for actions in ["AlarmActions", "OKActions"] {
            let told = at(alarm, &["Properties", actions]).and_then(Value::as_sequence);
            if told.is_none_or(Vec::is_empty) {
                faults.push(format!("template.yaml: {id} has no {actions}"));
            }
        }
    }
    hold(faults);
}

/// What answers over HTTP comes in by an alias that goes back where the function's own alarm goes off, or that of all
/// failed requests; and what is logged as an error counts for the latter.
#[test]
fn a_version_that_fails_goes_back() {
    let template = Template::read();
    let alarms = |id: &str| {
        let errors = format!("{}ErrorsAlarm", id.strip_suffix("Function").unwrap_or(id));
        (errors, "FailedRequestsAlarm".to_owned())
    };
    let watched: BTreeSet<&str> = template
        .of_type("AWS::Logs::MetricFilter")
        .filter_map(|(_, filter)| text_at(filter, &["Properties", "LogGroupName"]))
        .collect();
    let mut faults = Vec::new();
    let mut count = 0;
    for (id, function) in template.of_type("AWS::Serverless::Function") {
        let (errors, failed) = alarms(id);
        if template.resources().all(|(other, _)| other != errors) {
            continue;
        }
        count += 1;
        if text_at(function, &["Properties", "AutoPublishAlias"]) != Some("live") {
            faults.push(format!("template.yaml: {id} has no alias"));
        }
        // Else what only a parameter changes stays with the version before.
        let version = text_at(function, &["Properties", "VersionDescription"]);
        if version.is_none_or(|version| !version.contains("${ConfigurationVersion}")) {
            faults.push(format!("template.yaml: {id} keeps its environment"));
        }
        let preference = at(function, &["Properties", "DeploymentPreference"]);
        let known = preference.and_then(|preference| at(preference, &["Alarms"]));
        let known = known
            .map(untagged)
            .and_then(|choice| choice[1].as_sequence());
        let known: Vec<&str> = known
            .into_iter()
            .flatten()
            .filter_map(|alarm| untagged(alarm).as_str())
            .collect();
        if known != [errors.as_str(), failed.as_str()] {
            faults.push(format!("template.yaml: {id} goes back by {known:?}"));
        }
        let group = text_at(function, &["Properties", "LoggingConfig", "LogGroup"]);
        if group.is_none_or(|group| !watched.contains(group)) {
            faults.push(format!("template.yaml: nobody counts the errors of {id}"));
        }
    }
    assert!(count > 15, "{count} functions with an alarm");
    let variables = ["Globals", "Function", "Environment", "Variables"];
    let variables = template.at(&variables).and_then(Value::as_mapping);
    let given: Vec<&Value> = variables
        .into_iter()
        .flat_map(|variables| variables.values())
        .filter(|value| matches!(value, Value::Tagged(_)))
        .collect();
    let content = ["Resources", "ConfigurationVersion", "Properties", "Content"];
    let content = untagged(template.at(&content).unwrap());
    let counted: Vec<&Value> = content[1].as_sequence().unwrap().iter().collect();
    assert_eq!(
        counted, given,
        "the ConfigurationVersion of template.yaml counts other values than functions are given"
    );
    hold(faults);
}

/// What is watched under a name of ours is counted under that name.
#[test]
fn what_alarms_and_the_dashboard_watch_is_counted() {
    let template = Template::read();
    let sources: Vec<String> = rust_files(&["functions", "shared"])
        .into_iter()
        .map(|file| file.text)
        .collect();
    let alarms = template.of_type("AWS::CloudWatch::Alarm");
    let own = alarms.filter(|(_, alarm)| {
        text_at(alarm, &["Properties", "Namespace"]) == Some(remit_runtime::metrics::NAMESPACE)
    });
    let mut watched: BTreeSet<String> = own
        .map(|(_, alarm)| {
            alarm["Properties"]["MetricName"]
                .as_str()
                .unwrap()
                .to_owned()
        })
        .collect();
    let body = ["Resources", "Dashboard", "Properties", "DashboardBody"];
    let body = untagged(template.at(&body).unwrap()).as_str().unwrap();
    let body: serde_json::Value = serde_json::from_str(&body.replace("${", "{")).unwrap();
    let mut count = 0;
    for widget in body["widgets"].as_array().unwrap() {
        for metric in widget["properties"]["metrics"].as_array().unwrap() {
            count += 1;
            if metric[0] == remit_runtime::metrics::NAMESPACE {
                watched.insert(metric[1].as_str().unwrap().to_owned());
            }
        }
    }
    assert!(
        count <= 50,
        "{count} metrics: fifty on a dashboard are free"
    );
    assert!(watched.len() > 5, "{watched:?}");
    let counted = |name: &str| {
        let quoted = format!("\"{name}\"");
        sources.iter().any(|text| text.contains(&quoted))
    };
    hold(
        watched
            .into_iter()
            .filter(|name| !counted(name))
            .map(|name| format!("nothing counts {name}, which template.yaml watches")),
    );
}

/// Every queue of dead letters is seen.
#[test]
fn the_dashboard_shows_every_queue_of_dead_letters() {
    let template = Template::read();
    let body = ["Resources", "Dashboard", "Properties", "DashboardBody"];
    let body = untagged(template.at(&body).unwrap()).as_str().unwrap();
    let queues = template.of_type("AWS::SQS::Queue");
    let letters = queues.filter(|(id, _)| id.ends_with("DeadLetters"));
    hold(
        letters
            .filter(|(id, _)| !body.contains(&format!("${{{id}.QueueName}}")))
            .map(|(id, _)| format!("template.yaml: Dashboard does not show {id}")),
    );
}

/// A restored table is taken up, and no second one is made beside it.
#[test]
fn a_table_that_is_there_is_taken_up_everywhere() {
    let template = Template::read();
    let table = template.at(&["Resources", "Table"]).unwrap();
    assert_eq!(text_at(table, &["Condition"]), Some("MakesTable"));
    assert_eq!(text_at(table, &["DeletionPolicy"]), Some("Retain"));
    let text = read("template.yaml");
    let mut faults = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let direct = line.contains("Table.Arn");
        let chosen = line.contains("- !GetAtt Table.Arn");
        let streams = line.contains("Table.StreamArn") && !line.contains("!If [MakesTable, ");
        let named = line.ends_with("!Ref Table");
        if (direct && !chosen) || streams || named {
            let number = number + 1;
            faults.push(format!(
                "template.yaml:{number}: names the stack's own table, whichever is used"
            ));
        }
    }
    hold(faults);
}
