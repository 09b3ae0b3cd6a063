"""Certificates for the e2e tests, made with the openssl of the system: an authority, what it issues,
and what it revokes. All files stand in one folder."""

import os
import pathlib
import subprocess

CONFIG = """
[ca]
default_ca = main
[main]
database = {folder}/index.txt
serial = {folder}/serial
crlnumber = {folder}/crlnumber
new_certs_dir = {folder}
default_md = sha256
default_crl_days = 1
policy = any
unique_subject = no
copy_extensions = copy
[any]
commonName = supplied
[req]
distinguished_name = name
prompt = no
[name]
commonName = {name}
"""
EC = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]


def openssl(*arguments):
    subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True)


class Authority:
    def __init__(self, folder, name="ca"):
        self.folder = pathlib.Path(folder) / name
        self.folder.mkdir(parents=True)
        self.config = self._write("openssl.cnf", CONFIG.format(folder=self.folder, name=name))
        self._write("index.txt", "")
        self._write("serial", "01\n")
        self._write("crlnumber", "01\n")
        self.certificate = self.folder / "ca.pem"
        self.key = self.folder / "ca.key"
        openssl("req", "-x509", *EC, "-config", self.config, "-days", "30", "-keyout", self.key,
                "-out", self.certificate, "-addext", "basicConstraints=critical,CA:TRUE")
        self.crl = self.folder / "crl.pem"
        self.write_crl()

    def _write(self, name, text):
        path = self.folder / name
        path.write_text(text)
        return path

    def issue(self, name, *names, days=10):
        """(certificate, key): paths. Names are like DNS:a.example or IP:127.0.0.1."""
        certificate, key = self.folder / f"{name}.pem", self.folder / f"{name}.key"
        request = self.folder / f"{name}.csr"
        extensions = ["-addext", "subjectAltName=" + ",".join(names)] if names else []
        openssl("req", "-new", *EC, "-config", self.config, "-subj", f"/CN={name}", "-keyout", key,
                "-out", request, *extensions)
        fresh = self.folder / f"{name}.new"
        openssl("ca", "-batch", "-notext", "-config", self.config, "-keyfile", self.key, "-cert",
                self.certificate, "-in", request, "-out", fresh, "-days", days)
        os.replace(fresh, certificate)
        return certificate, key

    def revoke(self, certificate):
        openssl("ca", "-config", self.config, "-keyfile", self.key, "-cert", self.certificate,
                "-revoke", certificate)
        self.write_crl()

    def write_crl(self):
        fresh = self.folder / "crl.new"
        openssl("ca", "-config", self.config, "-gencrl", "-keyfile", self.key, "-cert",
                self.certificate, "-out", fresh)
        os.replace(fresh, self.crl)
