//! What template.yaml deploys, as far as it costs something by itself.

use std::collections::BTreeMap;

use remit_local::host::local_names;
use remit_local::template::{Template, path_of_workspace};
use rust_decimal::Decimal;
use serde_yaml_ng::Value;

use crate::LoadError;

/// What is there.
#[derive(Debug, Clone)]
pub struct Deployment {
    /// Alarms.
    pub alarms: u64,
    /// Secrets that are generated.
    pub secrets: u64,
    /// Queues that functions take from.
    pub polled_queues: u64,
    /// Megabytes, by folder.
    memory_mb: BTreeMap<String, u64>,
}

impl Deployment {
    /// That of the workspace's template.
    ///
    /// # Errors
    /// [`LoadError::Host`], where it cannot be read.
    pub fn read() -> Result<Self, LoadError> {
        let path = path_of_workspace();
        let names = local_names("http://127.0.0.1");
        let template = Template::read(&path, &names).map_err(|error| wrong(&error))?;
        let text = std::fs::read_to_string(&path).map_err(|error| wrong(&error))?;
        let whole: Value = serde_yaml_ng::from_str(&text).map_err(|error| wrong(&error))?;
        let of_all = whole["Globals"]["Function"]["MemorySize"].as_u64();
        let of_all = of_all.ok_or_else(|| wrong(&"the functions have no memory"))?;
        let count = |kind: &str| {
            let resources = whole["Resources"].as_mapping().into_iter().flatten();
            let alike = resources.filter(|(_, resource)| resource["Type"] == kind);
            u64::try_from(alike.count()).unwrap_or(u64::MAX)
        };
        let memory = |id: &String| {
            let own = whole["Resources"][id.as_str()]["Properties"]["MemorySize"].as_u64();
            own.unwrap_or(of_all)
        };
        let functions = template.functions.iter();
        let memory_mb = functions.map(|(id, spec)| (spec.folder.clone(), memory(id)));
        Ok(Self {
            alarms: count("AWS::CloudWatch::Alarm"),
            secrets: u64::try_from(template.secrets.len()).unwrap_or(u64::MAX),
            polled_queues: u64::try_from(template.queue_mappings.len()).unwrap_or(u64::MAX),
            memory_mb: memory_mb.collect(),
        })
    }

    /// How much a function of this folder has; nothing of one that is not deployed.
    pub fn memory_gb(&self, folder: &str) -> Decimal {
        let mb = self.memory_mb.get(folder).copied().unwrap_or_default();
        Decimal::from(mb) / Decimal::from(1_024)
    }
}

fn wrong(error: &dyn std::fmt::Display) -> LoadError {
    LoadError::Host(format!("template.yaml: {error}"))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests fail by panicking")]
    use super::*;

    #[test]
    fn the_template_is_read() {
        let deployment = Deployment::read().unwrap();
        assert!(deployment.alarms > 0 && deployment.polled_queues > 0);
        assert_eq!(deployment.secrets, 1);
        assert_eq!(deployment.memory_gb("invoices"), "0.25".parse().unwrap());
        assert_eq!(
            deployment.memory_gb("document-rendering"),
            "0.5".parse().unwrap()
        );
        assert_eq!(deployment.memory_gb("nothing"), Decimal::ZERO);
    }
}
