"""Writing responses: documents, pages, links, problem details."""
