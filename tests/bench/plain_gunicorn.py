"""gunicorn for what the portal is compared with: the same worker class, threads and bounds."""

import os

from app.server.worker import CollectingWorker

bind = f"127.0.0.1:{os.environ['BENCH_PORT']}"
workers = 1
worker_class = CollectingWorker
worker_connections = 1000
threads = int(os.environ["BENCH_THREADS"])
accesslog = None
control_socket_disable = True
