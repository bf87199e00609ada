"""The administrator's page of jobs: each that it lists is told in words."""

from pathlib import Path

from app.web.admin.job_words import JOBS
from app.worker import list_jobs
from tests.unit.web.application import wired_application


def test_every_job_of_the_leader_says_what_it_is_for(tmp_path: Path) -> None:
    with wired_application(tmp_path) as app:
        jobs = list_jobs(app.extensions["portal"])
    names = {job.name for job in jobs if job.is_for_leader}
    assert names <= JOBS.keys()
    assert JOBS.keys() - names <= {"load", "costs"}  # read where the settings want them
