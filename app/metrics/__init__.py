"""What is counted for whoever watches the portal, in Prometheus' text format."""

from app.metrics.figures import (
    BoostFigures,
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
    "BoostFigures",
    "Figures",
    "GroupFigures",
    "JobFigures",
    "Metrics",
    "SizeFigures",
    "ThrottleFigures",
    "WorkerFigures",
]
