using System.Net.Security;
using System.Text;
using ChunkProxy.Cache.Concurrency;
using ChunkProxy.Cache.Security;
using Etcdserverpb;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;

namespace ChunkProxy.Cache.Membership;

/// <summary>The calls of etcd v3 that membership needs, to one endpoint.</summary>
/// <remarks>
/// Uses dotnet-etcd's generated gRPC clients, not its <c>EtcdClient</c>: that client's keep-alives stop permanently when etcd restarts, it does not
/// reopen watches after a compaction, and all watches of a client share one stream and one token. Here every call has a time limit or belongs to
/// a session. A session ends as a whole, and then the next endpoint is tried on a new connection.
/// </remarks>
internal sealed class EtcdConnection : IDisposable
{
    private readonly EtcdOptions _options;
    private readonly TimeProvider _time;
    private readonly GrpcChannel _channel;
    private readonly KV.KVClient _keys;
    private readonly Lease.LeaseClient _leases;
    private readonly Watch.WatchClient _watches;
    private readonly Metadata _headers = [];

    private EtcdConnection(Uri endpoint, EtcdOptions options, TimeProvider time)
    {
        _options = options;
        _time = time;
        var handler = new SocketsHttpHandler { ConnectTimeout = options.CallTimeout, SslOptions = TlsOptions(options) };
        _channel = GrpcChannel.ForAddress(
            endpoint, new GrpcChannelOptions { HttpHandler = handler, DisposeHttpClient = true, ThrowOperationCanceledOnCancellation = true });
        _keys = new KV.KVClient(_channel);
        _leases = new Lease.LeaseClient(_channel);
        _watches = new Watch.WatchClient(_channel);
    }

    public static async Task<EtcdConnection> OpenAsync(Uri endpoint, EtcdOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        var connection = new EtcdConnection(endpoint, options, time);
        try
        {
            await connection.AuthenticateAsync(cancellationToken);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Reads all keys that begin with <paramref name="prefix"/>, as the majority of etcd's members has them.</summary>
    public async Task<(long Revision, List<MembershipChange> Members)> ReadAsync(string prefix, CancellationToken cancellationToken)
    {
        var answer = await LimitedAsync(
            token => _keys.RangeAsync(new RangeRequest { Key = Bytes(prefix), RangeEnd = EndOf(prefix) }, _headers, cancellationToken: token).ResponseAsync,
            _options.CallTimeout,
            cancellationToken);
        return (answer.Header.Revision, [.. answer.Kvs.Select(pair => ToChange(prefix, pair, gone: false))]);
    }

    /// <summary>Sends a minimal request, to check that etcd answers, and with a majority.</summary>
    public Task ProbeAsync(string prefix, TimeSpan limit, CancellationToken cancellationToken) => LimitedAsync(
        token => _keys.RangeAsync(
            new RangeRequest { Key = Bytes(prefix), RangeEnd = EndOf(prefix), CountOnly = true }, _headers, cancellationToken: token).ResponseAsync,
        limit,
        cancellationToken);

    /// <summary>Puts a key under a lease. Returns etcd's revision of the put and the previous value; null if there was none.</summary>
    public async Task<(long Revision, byte[]? Before)> PutAsync(string key, byte[] value, long lease, CancellationToken cancellationToken)
    {
        var request = new PutRequest { Key = Bytes(key), Value = ByteString.CopyFrom(value), Lease = lease, PrevKv = true };
        var answer = await LimitedAsync(
            token => _keys.PutAsync(request, _headers, cancellationToken: token).ResponseAsync, _options.CallTimeout, cancellationToken);
        return (answer.Header.Revision, answer.PrevKv?.Value.ToByteArray());
    }

    /// <summary>Puts a key under its lease again, unless it is gone or has been put under another lease since.</summary>
    public Task ReplaceAsync(string key, byte[] value, long lease, CancellationToken cancellationToken)
    {
        var request = new TxnRequest();
        request.Compare.Add(new Compare
        {
            Key = Bytes(key),
            Target = Compare.Types.CompareTarget.Lease,
            Result = Compare.Types.CompareResult.Equal,
            Lease = lease,
        });
        request.Success.Add(new RequestOp { RequestPut = new PutRequest { Key = Bytes(key), Value = ByteString.CopyFrom(value), Lease = lease } });
        return LimitedAsync(token => _keys.TxnAsync(request, _headers, cancellationToken: token).ResponseAsync, _options.CallTimeout, cancellationToken);
    }

    public async Task<long> GrantLeaseAsync(CancellationToken cancellationToken)
    {
        var request = new LeaseGrantRequest { TTL = (long)_options.LeaseTtl.TotalSeconds };
        var answer = await LimitedAsync(
            token => _leases.LeaseGrantAsync(request, _headers, cancellationToken: token).ResponseAsync, _options.CallTimeout, cancellationToken);
        return answer.ID;
    }

    /// <summary>Renews a lease once. Returns false if it no longer exists.</summary>
    public Task<bool> RenewLeaseAsync(long lease, TimeSpan limit, CancellationToken cancellationToken) => LimitedAsync(
        async token =>
        {
            // One stream per renewal: no stream remains that could end unnoticed.
            using var call = _leases.LeaseKeepAlive(_headers, cancellationToken: token);
            await call.RequestStream.WriteAsync(new LeaseKeepAliveRequest { ID = lease }, token);
            await call.RequestStream.CompleteAsync();
            return await call.ResponseStream.MoveNext(token) && call.ResponseStream.Current.TTL > 0;
        },
        limit,
        cancellationToken);

    /// <summary>Revokes a lease, and with it the keys under it that no other lease has taken over.</summary>
    public Task RevokeLeaseAsync(long lease, CancellationToken cancellationToken) => LimitedAsync(
        token => _leases.LeaseRevokeAsync(new LeaseRevokeRequest { ID = lease }, _headers, cancellationToken: token).ResponseAsync,
        _options.CallTimeout,
        cancellationToken);

    /// <summary>Reports every change under <paramref name="prefix"/> from a revision on. Returns only when etcd ends the watch.</summary>
    public async Task<WatchEnding> WatchAsync(string prefix, long fromRevision, Action<MembershipChange> changed, CancellationToken cancellationToken)
    {
        using var call = _watches.Watch(_headers, cancellationToken: cancellationToken);
        var create = new WatchCreateRequest { Key = Bytes(prefix), RangeEnd = EndOf(prefix), StartRevision = fromRevision };
        await call.RequestStream.WriteAsync(new WatchRequest { CreateRequest = create }, cancellationToken);
        while (await call.ResponseStream.MoveNext(cancellationToken))
        {
            var answer = call.ResponseStream.Current;
            if (answer.Canceled)
            {
                return answer.CompactRevision > 0 ? WatchEnding.Compacted : WatchEnding.Cancelled;
            }

            foreach (var change in answer.Events)
            {
                changed(ToChange(prefix, change.Kv, change.Type == Mvccpb.Event.Types.EventType.Delete));
            }
        }

        return WatchEnding.StreamEnded;
    }

    public void Dispose() => _channel.Dispose();

    private async Task AuthenticateAsync(CancellationToken cancellationToken)
    {
        var authentication = new EtcdAuthentication(new Auth.AuthClient(_channel), _options);
        if (await LimitedAsync(authentication.TokenAsync, _options.CallTimeout, cancellationToken) is { } token)
        {
            _headers.Add("token", token);
        }
    }

    /// <summary>Runs a call within a time limit of this process's clock: a paused or partitioned etcd would otherwise block it forever.</summary>
    private async Task<T> LimitedAsync<T>(Func<CancellationToken, Task<T>> call, TimeSpan limit, CancellationToken cancellationToken)
    {
        using var inTime = new TimeLimit(limit, _time, cancellationToken);
        try
        {
            return await call(inTime.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"no answer within {limit.TotalSeconds:0.###} s");
        }
    }

    private static SslClientAuthenticationOptions TlsOptions(EtcdOptions options)
    {
        var tls = new SslClientAuthenticationOptions();
        if (options.CaFile is not null)
        {
            tls.CertificateChainPolicy = TrustedAuthorities.PolicyOf(TrustedAuthorities.Read(options.CaFile));
        }

        return tls;
    }

    private static MembershipChange ToChange(string prefix, Mvccpb.KeyValue pair, bool gone) =>
        new(pair.Key.ToStringUtf8()[prefix.Length..], gone ? null : pair.Value.ToByteArray(), pair.ModRevision);

    private static ByteString Bytes(string text) => ByteString.CopyFromUtf8(text);

    /// <summary>Returns the first key after all that begin with the prefix: the prefix with its last byte, a <c>/</c>, plus one.</summary>
    private static ByteString EndOf(string prefix)
    {
        var end = Encoding.UTF8.GetBytes(prefix);
        end[^1]++;
        return ByteString.CopyFrom(end);
    }
}
