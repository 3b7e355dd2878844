# derelay in a container, with anvil for local chains: docker build -t derelay .
FROM node:22-slim AS anvil
RUN npm install --global @foundry-rs/anvil \
    && cp "$(find /usr/local/lib/node_modules -path '*/anvil-linux-*/bin/anvil' | head -n 1)" /anvil

FROM python:3.11-slim
COPY --from=anvil /anvil /usr/local/bin/anvil
WORKDIR /derelay
COPY pyproject.toml constraints.txt README.md LICENSE ./
COPY src src
# PyTorch for processors: the default one brings gigabytes for GPUs
RUN pip install --no-cache-dir -c constraints.txt --extra-index-url https://download.pytorch.org/whl/cpu .
RUN useradd --create-home derelay && mkdir /network && chown derelay /network
USER derelay
WORKDIR /home/derelay
ENV OMP_NUM_THREADS=1
ENTRYPOINT ["derelay"]
CMD ["--help"]
