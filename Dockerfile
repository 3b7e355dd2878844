# derelay in a container, with anvil for local chains: docker build -t derelay .
FROM node:22-slim AS anvil
RUN npm install --global @foundry-rs/anvil \
    && cp "$(find /usr/local/lib/node_modules -path '*/anvil-linux-*/bin/anvil' | head -n 1)" /anvil

FROM python:3.11-slim
COPY --from=anvil /anvil /usr/local/bin/anvil
WORKDIR /derelay
COPY pyproject.toml constraints.txt README.md LICENSE ./
COPY src src
# The default PyTorch brings gigabytes for GPUs; for the other one name its index, as on the CPU row of the selector on
# pytorch.org: docker build --build-arg PIP_OPTIONS="--extra-index-url …" -t derelay .
ARG PIP_OPTIONS=
RUN pip install --no-cache-dir -c constraints.txt $PIP_OPTIONS .
RUN useradd --create-home derelay && mkdir /network && chown derelay /network
USER derelay
WORKDIR /home/derelay
ENV OMP_NUM_THREADS=1
ENTRYPOINT ["derelay"]
CMD ["--help"]
