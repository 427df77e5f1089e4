//! Routes as HTTP APIs know them: what is refused, and which of several fits.

/// A route that API Gateway would refuse to deploy.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the route {key}: {reason}")]
pub struct RouteFault {
    /// Method and path.
    pub key: String,
    /// Why.
    pub reason: &'static str,
}

/// One route.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Route {
    /// As the function gets it: `GET /v1/invoices/{invoice_id}`.
    pub key: String,
    /// The function.
    pub function: String,
    /// The authorizer's name.
    pub authorizer: Option<String>,
    /// Nothing for `ANY`.
    method: Option<String>,
    parts: Vec<Part>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Word(String),
    Parameter(String),
    /// `{name+}`: all that is left.
    Rest(String),
}

impl Route {
    /// A route.
    ///
    /// # Errors
    /// [`RouteFault`]: a part of a path is a parameter or a word, never both.
    pub fn new(
        method: &str,
        path: &str,
        function: &str,
        authorizer: Option<String>,
    ) -> Result<Self, RouteFault> {
        let method = method.to_ascii_uppercase();
        let key = format!("{method} {path}");
        let fault = |reason| RouteFault {
            key: key.clone(),
            reason,
        };
        let known = [
            "GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "ANY",
        ];
        if !known.contains(&method.as_str()) {
            return Err(fault("no method of an HTTP API"));
        }
        let path = path
            .strip_prefix('/')
            .ok_or_else(|| fault("a path starts with a slash"))?;
        let mut parts = Vec::new();
        for text in path.split('/') {
            if matches!(parts.last(), Some(Part::Rest(_))) {
                return Err(fault("nothing stands after a greedy parameter"));
            }
            let inner = text
                .strip_prefix('{')
                .and_then(|text| text.strip_suffix('}'));
            let part = match inner {
                Some(name) => match name.strip_suffix('+') {
                    Some(name) => Part::Rest(name.to_owned()),
                    None => Part::Parameter(name.to_owned()),
                },
                None => Part::Word(text.to_owned()),
            };
            let (Part::Word(name) | Part::Parameter(name) | Part::Rest(name)) = &part;
            if name.contains(['{', '}']) {
                return Err(fault("a part is a parameter or a word, never both"));
            }
            if inner.is_some() && (name.is_empty() || !name.chars().all(is_name)) {
                return Err(fault("a parameter has a name of letters, digits and _"));
            }
            parts.push(part);
        }
        let method = (method != "ANY").then_some(method);
        Ok(Self {
            key,
            function: function.to_owned(),
            authorizer,
            method,
            parts,
        })
    }

    /// The names of the path's parameters, from left to right.
    pub fn parameters(&self) -> impl Iterator<Item = &str> {
        self.parts.iter().filter_map(|part| match part {
            Part::Word(_) => None,
            Part::Parameter(name) | Part::Rest(name) => Some(name.as_str()),
        })
    }

    /// The path's parameters, still encoded, if the route fits.
    fn fits<'a>(&self, method: &str, path: &'a str) -> Option<Vec<(&str, &'a str)>> {
        if self.method.as_deref().is_some_and(|own| own != method) {
            return None;
        }
        let mut rest = path.strip_prefix('/')?;
        let mut parameters = Vec::new();
        for (at, part) in self.parts.iter().enumerate() {
            let (text, after) = match rest.split_once('/') {
                Some((text, after)) => (text, Some(after)),
                None => (rest, None),
            };
            let is_last = at + 1 == self.parts.len();
            match part {
                Part::Rest(name) => {
                    parameters.push((name.as_str(), rest));
                    return (!rest.is_empty()).then_some(parameters);
                }
                Part::Word(word) if word != text => return None,
                Part::Word(_) => {}
                // A parameter stands for something.
                Part::Parameter(_) if text.is_empty() => return None,
                Part::Parameter(name) => parameters.push((name.as_str(), text)),
            }
            match (after, is_last) {
                (None, true) => return Some(parameters),
                (Some(after), false) => rest = after,
                _ => return None,
            }
        }
        None
    }

    /// The more words, and the earlier, the more exact; greedy parameters come last.
    fn rank(&self) -> Vec<u8> {
        let ranks = self.parts.iter().map(|part| match part {
            Part::Word(_) => 0,
            Part::Parameter(_) => 1,
            Part::Rest(_) => 2,
        });
        ranks.chain([u8::from(self.method.is_none())]).collect()
    }
}

fn is_name(character: char) -> bool {
    character.is_ascii_alphanumeric() || character == '_'
}

/// Refuses routes that would be the same to a caller.
///
/// # Errors
/// [`RouteFault`].
pub fn check(routes: &[Route]) -> Result<(), RouteFault> {
    let shape = |route: &Route| {
        let parts = route.parts.iter().map(|part| match part {
            Part::Word(word) => word.as_str(),
            Part::Parameter(_) => "{}",
            Part::Rest(_) => "{+}",
        });
        (route.method.clone(), parts.collect::<Vec<_>>().join("/"))
    };
    for (at, route) in routes.iter().enumerate() {
        if routes[..at]
            .iter()
            .any(|other| shape(other) == shape(route))
        {
            return Err(RouteFault {
                key: route.key.clone(),
                reason: "it is there twice",
            });
        }
    }
    Ok(())
}

/// The route for a request, with its parameters, still encoded.
pub fn find<'r, 'p>(
    routes: &'r [Route],
    method: &str,
    path: &'p str,
) -> Option<(&'r Route, Vec<(&'r str, &'p str)>)> {
    let fitting = routes.iter().filter_map(|route| {
        route
            .fits(method, path)
            .map(|parameters| (route, parameters))
    });
    fitting.min_by_key(|(route, _)| route.rank())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn route(key: &str) -> Result<Route, RouteFault> {
        let (method, path) = key.split_once(' ').unwrap();
        Route::new(method, path, "F", None)
    }

    #[test]
    fn the_most_exact_route_is_taken() {
        let routes: Vec<Route> = [
            "GET /v1/invoices",
            "POST /v1/invoices",
            "GET /v1/invoices/{invoice_id}",
            "POST /v1/invoices/preview",
            "POST /v1/invoices/{invoice_id}/issue",
            "ANY /files/{path+}",
            "GET /",
        ]
        .iter()
        .map(|key| route(key).unwrap())
        .collect();
        for (method, path, expected) in [
            ("GET", "/v1/invoices", Some("GET /v1/invoices")),
            ("GET", "/v1/invoices/", None),
            (
                "GET",
                "/v1/invoices/preview",
                Some("GET /v1/invoices/{invoice_id}"),
            ),
            (
                "POST",
                "/v1/invoices/preview",
                Some("POST /v1/invoices/preview"),
            ),
            (
                "POST",
                "/v1/invoices/x/issue",
                Some("POST /v1/invoices/{invoice_id}/issue"),
            ),
            ("POST", "/v1/invoices//issue", None),
            ("DELETE", "/v1/invoices", None),
            ("PUT", "/files/a/b", Some("ANY /files/{path+}")),
            ("GET", "/files/", None),
            ("GET", "/", Some("GET /")),
            ("GET", "/nothing", None),
        ] {
            let found = find(&routes, method, path).map(|(route, _)| route.key.as_str());
            assert_eq!(found, expected, "{method} {path}");
        }
        let (_, parameters) = find(&routes, "GET", "/v1/invoices/inv%20x").unwrap();
        assert_eq!(parameters, [("invoice_id", "inv%20x")]);
    }

    #[test]
    fn routes_that_aws_would_refuse_are_refused() {
        for bad in [
            "GET /v1/invoices/{invoice_id}:issue",
            "GET /v1/inv_{invoice_id}",
            "GET /v1/{a+}/b",
            "GET /v1/{}",
            "GET /v1/{a-b}",
            "GET v1",
            "FETCH /v1",
        ] {
            assert!(route(bad).is_err(), "{bad}");
        }
        let twice = [route("GET /v1/{a}").unwrap(), route("GET /v1/{b}").unwrap()];
        assert!(check(&twice).is_err());
        let other = [
            route("GET /v1/{a}").unwrap(),
            route("POST /v1/{b}").unwrap(),
        ];
        assert_eq!(check(&other), Ok(()));
    }
}
