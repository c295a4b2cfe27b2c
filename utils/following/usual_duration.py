"""How long a job takes as a rule: as long as the last successful ones of its template."""

from __future__ import annotations

from typing import TYPE_CHECKING

from utils import logger
from utils.errors import AppError

if TYPE_CHECKING:
    from utils.awx_client import Client
    from utils.record import Record

log = logger.get("follow")

LAST = 5


def usual_duration_s(client: Client, job: Record) -> float:
    """Return the middle one of the last durations before that job, in seconds; 0 for none.

    `GET /api/v2/unified_jobs/?unified_job_template=N&status=successful`; trouble is no reason to
    end anything, and counts as none.
    """
    try:
        template_id = job.maybe_integer("unified_job_template")
        if template_id is None:
            return 0.0
        job_id = job.maybe_integer("id")
        before = {} if job_id is None else {"id__lt": job_id}
        rows = client.glance(
            "unified_jobs/",
            unified_job_template=template_id,
            status="successful",
            **before,
            order_by="-id",
            page_size=LAST,
            count_disabled=1,
        ).records("results")
        durations_s = sorted(each.number("elapsed") for each in rows)
        return durations_s[len(durations_s) // 2] if durations_s else 0.0
    except AppError as error:
        log.debug("how long it usually takes is not known: %s", error)
        return 0.0
