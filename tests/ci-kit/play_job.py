#!/usr/bin/python3 -B
# SPDX-License-Identifier: GPL-2.0-only
"""Plays a job of GitHub Actions or GitLab CI here, as far as tools/ci-kit needs it.

usage: play_job.py github|gitlab FILE FOLDER KEY=VALUE...

FOLDER gets the workspace; FOLDER/cache is what the job keeps from run to run, FOLDER/artifacts what
it publishes. KEY=VALUE: of GitHub expressions, of GitLab variables; "kernel" is the repository and
"head" the commit that the job is of, "mirror" the folder in which other repositories are. What the
job asks for and this does not know is an error, status 99; otherwise the status is that of the job's
first step that failed.
"""
import os
import re
import shutil
import string
import subprocess
import sys

import yaml


class Unknown(Exception):
    """The job has something that is not played here"""


def run(words, cwd, env, text=None):
    """Return: the exit status"""
    return subprocess.run(words, cwd=cwd, env=env, input=text, text=True, check=False).returncode


def clone(source, target, head=None):
    """A repository with all its commits"""
    subprocess.run(["git", "clone", "-q", source, target], check=True)
    if head:
        subprocess.run(["git", "-C", target, "checkout", "-q", head], check=True)


def copy(source, target):
    """A folder or a file to where it is kept"""
    shutil.rmtree(target, ignore_errors=True)
    if os.path.isdir(source):
        shutil.copytree(source, target, symlinks=True)
    elif os.path.exists(source):
        os.makedirs(os.path.dirname(target), exist_ok=True)
        shutil.copy2(source, target)


def publish(workspace, folder, path):
    """An artefact; it has to be there"""
    if not os.path.exists(os.path.join(workspace, path)):
        raise Unknown(f"the artefact {path} is not there")
    copy(os.path.join(workspace, path), os.path.join(folder, "artifacts", path))


class GitHub:
    """.github/workflows"""

    def __init__(self, job, folder, values):
        self.job, self.folder, self.values = job, folder, values
        self.workspace = os.path.join(folder, "workspace")
        values["github.workspace"] = self.workspace
        self.known = {"actions/checkout@v4": self.checkout, "actions/cache@v4": self.cache,
                      "actions/upload-artifact@v4": self.upload}
        self.kept = []

    def say(self, text):
        """TEXT with its expressions"""
        def value(match):
            if match[1] not in self.values:
                raise Unknown(f"the expression {match[1]}")
            return self.values[match[1]]
        return re.sub(r"\$\{\{\s*(.*?)\s*\}\}", value, str(text))

    def checkout(self, words):
        """actions/checkout"""
        target = os.path.join(self.workspace, words["path"])
        if "repository" in words:
            clone(os.path.join(self.values["mirror"], words["repository"]), target)
        elif words.get("fetch-depth") != "0":
            raise Unknown("the kernel is fetched without its commits")
        else:
            clone(self.values["kernel"], target, self.values["head"])

    def cache(self, words):
        """actions/cache: restores now, keeps at the end"""
        if not words["key"].startswith(words["restore-keys"]):
            raise Unknown("another key than that which is looked for")
        copy(os.path.join(self.folder, "cache", words["path"]),
             os.path.join(self.workspace, words["path"]))
        self.kept.append(words["path"])

    def upload(self, words):
        """actions/upload-artifact"""
        publish(self.workspace, self.folder, words["path"])

    def step(self, step, env):
        """Return: the exit status"""
        unknown = set(step) - {"name", "run", "uses", "with", "if"}
        if unknown or step.get("if", "always()") != "always()":
            raise Unknown(f"a step with {unknown or step['if']}")
        print("step:", step["name"], flush=True)
        if "run" in step:  # in a container: sh -e
            script = os.path.join(self.folder, "step.sh")
            with open(script, "w", encoding="utf-8") as file:
                file.write(self.say(step["run"]))
            return run(["sh", "-e", script], self.workspace, env)
        if step["uses"] not in self.known:
            raise Unknown(step["uses"])
        self.known[step["uses"]]({key: self.say(text) for key, text in step["with"].items()})
        return 0

    def play(self):
        """Return: the exit status of the job"""
        os.makedirs(self.workspace)
        env = dict(os.environ, GITHUB_STEP_SUMMARY=os.path.join(self.folder, "summary.md"))
        env.update({key: self.say(text) for key, text in self.job["env"].items()})
        status = 0
        for step in self.job["steps"]:
            if status == 0 or step.get("if") == "always()":
                status = self.step(step, env) or status
        for path in self.kept:
            copy(os.path.join(self.workspace, path), os.path.join(self.folder, "cache", path))
        return status


class GitLab:
    """.gitlab-ci.yml"""

    def __init__(self, job, folder, values):
        self.job, self.folder, self.values = job, folder, values
        self.workspace = os.path.join(folder, "workspace")
        values["CI_PROJECT_DIR"] = self.workspace

    def play(self):
        """Return: the exit status of the job"""
        job = self.job
        unknown = set(job) - {"image", "rules", "timeout", "variables", "cache", "before_script",
                              "script", "artifacts"}
        if unknown or job["variables"].pop("GIT_DEPTH") != "0" or job["artifacts"]["when"] != "always":
            raise Unknown(f"a job with {unknown or 'too few commits or artefacts'}")
        clone(self.values["kernel"], self.workspace, self.values["head"])
        for path in job["cache"]["paths"]:
            copy(os.path.join(self.folder, "cache", path), os.path.join(self.workspace, path))
        env = dict(os.environ)
        # those of the project come before those of the file
        own = {key: string.Template(text).substitute(self.values)
               for key, text in job["variables"].items()}
        env.update(own | self.values)
        lines = job["before_script"] + job["script"]
        status = run(["bash"], self.workspace, env, "set -eo pipefail\n" + "\n".join(lines) + "\n")
        for path in job["cache"]["paths"]:
            copy(os.path.join(self.workspace, path), os.path.join(self.folder, "cache", path))
        for path in job["artifacts"]["paths"] + [job["artifacts"]["reports"]["junit"]]:
            publish(self.workspace, self.folder, path)
        return status


def main(words):
    """play_job.py github|gitlab FILE FOLDER KEY=VALUE..."""
    kind, path, folder = words[:3]
    values = dict(word.split("=", 1) for word in words[3:])
    with open(path, encoding="utf-8") as file:
        text = yaml.safe_load(file)
    shutil.rmtree(os.path.join(folder, "workspace"), ignore_errors=True)
    shutil.rmtree(os.path.join(folder, "artifacts"), ignore_errors=True)
    os.makedirs(folder, exist_ok=True)
    try:
        if kind == "github":
            if "pull_request" not in text[True]:  # YAML 1.1: "on" is true
                raise Unknown("a workflow that is not of pull requests")
            (job,) = text["jobs"].values()
            if job["container"] != "debian:12":
                raise Unknown("another container")
            return GitHub(job, folder, values).play()
        (job,) = text.values()
        if job["image"] != "debian:12":
            raise Unknown("another image")
        return GitLab(job, folder, values).play()
    except (Unknown, KeyError) as why:
        print(f"play_job: not played here: {why}", file=sys.stderr)
        return 99


sys.exit(main(sys.argv[1:]))
