SELECT entity FROM timeline
