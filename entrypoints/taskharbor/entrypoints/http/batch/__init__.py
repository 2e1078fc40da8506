"""`POST /batch` and `GET /changes`."""
