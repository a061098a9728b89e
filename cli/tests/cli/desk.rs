//! A folder with a manifest and a sandbox, and the binary run in it.

use serde_json::{Value, json};
use std::fmt::Write as _;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use tempfile::TempDir;

/// A small landing zone: three units, three accounts, two policies.
pub(crate) const SMALL: &str = r#"
glidepath: 1
organization:
  name: acme
  id: o-a1b2c3d4e5
  management: {name: acme-root, id: "111122223333"}
  home: eu-west-1
  regions: [eu-west-1]
  email: aws+{account}@example.com
units:
  Security: {accounts: {log-archive: }}
  Workloads:
    units:
      Prod: {accounts: {shop-prod: {tags: {cost-center: "42"}}}}
  Sandbox: {accounts: {play: }}
policies:
  deny-leaving:
    type: scp
    description: Nobody leaves
    on: [Workloads, Sandbox]
    document:
      Version: "2012-10-17"
      Statement:
        - {Sid: DenyLeaving, Effect: Deny, Action: "organizations:LeaveOrganization", Resource: "*"}
  deny-root-user:
    type: scp
    on: [Workloads]
    document:
      Version: "2012-10-17"
      Statement:
        - Sid: DenyRootUser
          Effect: Deny
          Action: "*"
          Resource: "*"
          Condition: {StringLike: {"aws:PrincipalArn": ["arn:aws:iam::*:root"]}}
"#;

/// A folder, and the binary run in it.
pub(crate) struct Desk {
    folder: TempDir,
}

/// How a run ended, with paths masked.
pub(crate) struct Ran {
    arguments: String,
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Desk {
    /// A folder without a manifest.
    pub(crate) fn empty() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    /// A folder with a manifest in `lz`.
    pub(crate) fn with(manifest: &str) -> Self {
        let desk = Self::empty();
        desk.write("lz/landing-zone.yaml", manifest);
        desk
    }

    /// A folder whose sandbox is as the manifest says.
    pub(crate) fn applied(manifest: &str) -> Self {
        let desk = Self::with(manifest);
        desk.run(&["apply", "lz", "--sandbox", "world", "--yes"]).expect_code(0);
        desk
    }

    /// Puts a copy of an example into a folder.
    pub(crate) fn copy_example(&self, example: &str, folder: &str) {
        let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples").join(example);
        copy_folder(&from, &self.path(folder));
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    pub(crate) fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).unwrap()
    }

    /// The binary, ready to run with nothing of our environment.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_glidepath"));
        command.args(arguments).current_dir(self.folder.path()).env_clear();
        command
            .env("HOME", self.folder.path())
            .env("USER", "ada")
            .env("HOSTNAME", "bench")
            .env("TERM", "dumb");
        // Without credentials of its own, a run that leaves the sandbox fails at once instead of asking the machine.
        command.env("AWS_EC2_METADATA_DISABLED", "true");
        command.stdin(Stdio::null());
        command
    }

    /// Runs to the end.
    pub(crate) fn run(&self, arguments: &[&str]) -> Ran {
        self.finish(arguments, self.command(arguments))
    }

    /// Runs to the end with more in the environment.
    pub(crate) fn run_with(&self, variables: &[(&str, &str)], arguments: &[&str]) -> Ran {
        let mut command = self.command(arguments);
        command.envs(variables.iter().copied());
        self.finish(arguments, command)
    }

    fn finish(&self, arguments: &[&str], mut command: Command) -> Ran {
        let output = command.output().unwrap();
        let text = |bytes: Vec<u8>| masked(&String::from_utf8(bytes).unwrap(), self.folder.path());
        Ran {
            arguments: masked(&arguments.join(" "), self.folder.path()),
            code: output.status.code(),
            stdout: text(output.stdout),
            stderr: text(output.stderr),
        }
    }

    /// Has the sandbox answer one call behind Glidepath's back.
    pub(crate) fn call(&self, operation: &str, request: &Value) -> Value {
        let request = request.to_string();
        let ran = self.run(&["sandbox", "call", "organizations", operation, &request, "--sandbox", "world"]);
        ran.expect_code(0);
        serde_json::from_str(&ran.stdout).unwrap()
    }

    /// Every page of a listing: the sandbox answers with an empty one now and then.
    pub(crate) fn list(&self, operation: &str, members: &str, mut request: Value) -> Vec<Value> {
        let mut all = Vec::new();
        loop {
            let page = self.call(operation, &request);
            all.extend(page[members].as_array().unwrap().iter().cloned());
            if page["NextToken"].is_null() {
                return all;
            }
            request["NextToken"] = page["NextToken"].clone();
        }
    }

    /// The id of a policy of the sandbox.
    pub(crate) fn policy_id(&self, name: &str) -> String {
        id_of(name, &self.list("ListPolicies", "Policies", json!({"Filter": "SERVICE_CONTROL_POLICY"})))
    }

    /// The id of a top-level unit of the sandbox.
    pub(crate) fn unit_id(&self, name: &str) -> String {
        let root = self.list("ListRoots", "Roots", json!({}))[0]["Id"].clone();
        let request = json!({"ParentId": root});
        id_of(name, &self.list("ListOrganizationalUnitsForParent", "OrganizationalUnits", request))
    }
}

fn id_of(name: &str, listed: &[Value]) -> String {
    listed.iter().find(|row| row["Name"] == name).unwrap()["Id"].as_str().unwrap().to_owned()
}

/// A sandbox that is served, until it is dropped.
pub(crate) struct Served {
    child: Child,
    pub(crate) url: String,
}

impl Served {
    /// Serves the desk's world.
    pub(crate) fn start(desk: &Desk, more: &[&str]) -> Self {
        let arguments = [&["sandbox", "serve", "lz", "--sandbox", "world"], more].concat();
        let mut child =
            desk.command(&arguments).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        Self { child, url: line.trim().to_owned() }
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Ran {
    /// Fails, and tells everything, unless the run ended so.
    #[track_caller]
    pub(crate) fn expect_code(&self, code: i32) -> &Self {
        assert_eq!(self.code, Some(code), "{}", self.transcript());
        self
    }

    /// Everything that a user sees.
    pub(crate) fn transcript(&self) -> String {
        let mut text = format!("$ glidepath {}\n", self.arguments);
        for (name, stream) in [("stdout", &self.stdout), ("stderr", &self.stderr)] {
            if !stream.is_empty() {
                let _ = write!(text, "--- {name}\n{stream}");
            }
        }
        let code = self.code.map_or_else(|| "by a signal".to_owned(), |code| code.to_string());
        let _ = write!(text, "--- exit {code}");
        text
    }
}

/// The text without the temporary folder and the day.
fn masked(text: &str, folder: &Path) -> String {
    text.replace(&folder.display().to_string(), "[DESK]")
}

fn copy_folder(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy_folder(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), &target).unwrap();
        }
    }
}
