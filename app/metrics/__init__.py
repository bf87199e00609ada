"""What is counted for whoever watches the portal, in Prometheus' text format."""

from app.metrics.figures import (
    Figures,
    GroupFigures,
    JobFigures,
    SizeFigures,
    ThrottleFigures,
    WorkerFigures,
)
from app.metrics.metrics import CONTENT_TYPE, Metrics

__all__ = [
    "CONTENT_TYPE",
    "Figures",
    "GroupFigures",
    "JobFigures",
    "Metrics",
    "SizeFigures",
    "ThrottleFigures",
    "WorkerFigures",
]
