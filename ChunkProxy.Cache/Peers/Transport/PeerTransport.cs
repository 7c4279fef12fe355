using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Text.Json;
using ChunkProxy.Cache.Cluster;
using ChunkProxy.Cache.Concurrency;
using ChunkProxy.Cache.Ownership;
using ChunkProxy.Cache.Security;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Cache.Peers.Transport;

/// <summary>Sends requests to the pool ports of other members: connections, proofs, and the common fields.</summary>
internal sealed class PeerTransport : IDisposable
{
    private readonly PoolSecurity _security;
    private readonly PeerOptions _options;
    private readonly ClusterView _cluster;
    private readonly PeerProofs _proofs;
    private readonly string _scheme;
    private readonly TimeProvider _time;
    private HttpMessageInvoker? _http; // made with the first request: a stand-alone process does not load the library
    private object? _gate; // of _http
    private readonly ConditionalWeakTable<Member, Uri> _chunkUris = []; // entries live as long as the membership's Member objects

    public PeerTransport(
        ClusterView cluster, PoolSecurity security, PeerProofs proofs, PeerConnections connections, IOptions<PeerOptions> options, TimeProvider time)
    {
        Connections = connections;
        _time = time;
        _cluster = cluster;
        _proofs = proofs;
        _scheme = security.Scheme;
        _security = security;
        _options = options.Value;
    }

    public PeerConnections Connections { get; }

    private HttpMessageInvoker Http => LazyInitializer.EnsureInitialized(ref _http, ref _gate, CreateClient);

    /// <summary>Returns whether the exception is a fault of the connection or of the peer's end of it.</summary>
    /// <remarks>The handler throws a plain <see cref="SocketException"/> for a connection that was reset as soon as it was made.</remarks>
    public static bool IsFault(Exception error) => error is HttpRequestException or IOException or SocketException;

    /// <summary>Returns whether the peer's host sent nothing at all: the connect time-out, or a network that does not reach the host.</summary>
    public static bool IsSilence(Exception error) => error is OperationCanceledException
        || (error as SocketException ?? error.InnerException as SocketException)?.SocketErrorCode
            is SocketError.TimedOut or SocketError.HostUnreachable or SocketError.NetworkUnreachable or SocketError.HostDown;

    /// <summary>Returns a field of a response, or null.</summary>
    public static string? Field(HttpResponseMessage response, string name) =>
        response.Headers.NonValidated.TryGetValues(name, out var values) ? values.ToString() : null;

    /// <summary>Returns a message with the common fields: the epoch, and the trace that it belongs to.</summary>
    public HttpRequestMessage CreateMessage(HttpMethod method, Member peer, string path)
    {
        var message = new HttpRequestMessage(method, UriOf(peer, path)) { Version = HttpVersion.Version11 };
        message.Headers.TryAddWithoutValidation(PoolProtocol.Epoch, _cluster.Owners.Epoch.Number.ToString("x16", CultureInfo.InvariantCulture));
        if (path != PoolProtocol.PingPath && Activity.Current is { IdFormat: ActivityIdFormat.W3C, Id: { } trace })
        {
            message.Headers.TryAddWithoutValidation("traceparent", trace);
        }

        if (!Connections.MayStay)
        {
            message.Headers.ConnectionClose = true;
        }

        return message;
    }

    /// <summary>Signs and sends a request; returns the verified response header. Sets no timeout.</summary>
    /// <exception cref="UnprovenAnswerException">The response has no valid proof. <see cref="IsFault"/> is true for it.</exception>
    /// <exception cref="Exception">An exception for which <see cref="IsFault"/> is true, or <see cref="OperationCanceledException"/>.</exception>
    public async Task<HttpResponseMessage> SendAsync(HttpRequestMessage message, CancellationToken cancellationToken)
    {
        _proofs.Prove(message, message.Content is { } content ? await content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false) : default);
        var response = await Http.SendAsync(message, cancellationToken).ConfigureAwait(false);
        try
        {
            _proofs.Check(response);
            return response;
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }

    /// <summary>Returns the whole verified body of a response.</summary>
    /// <param name="response">A response from <see cref="SendAsync"/>.</param>
    /// <param name="longest">Most bytes in the body.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    /// <exception cref="Exception">The same as for <see cref="SendAsync"/>.</exception>
    public async Task<byte[]> ReadAsync(HttpResponseMessage response, long longest, CancellationToken cancellationToken)
    {
        await response.Content.LoadIntoBufferAsync(longest, cancellationToken).ConfigureAwait(false);
        var content = await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false);
        return _proofs.Accepts(response, content) ? content : throw new UnprovenAnswerException();
    }

    /// <summary>Returns the tags that the response body is sent with; null if it is sent without tags.</summary>
    public BlockTags? TagsOf(HttpResponseMessage response) => _proofs.TagsOf(response);

    /// <summary>Sends a request and reads a short response. Returns the default value if there is no readable response in time.</summary>
    /// <param name="message">The request.</param>
    /// <param name="patience">Timeout of the response, including its body.</param>
    /// <param name="read">Reads the response.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    public async Task<T?> TryAskAsync<T>(
        HttpRequestMessage message, TimeSpan patience, Func<HttpResponseMessage, CancellationToken, ValueTask<T?>> read, CancellationToken cancellationToken)
    {
        using var limit = new TimeLimit(patience, _time, cancellationToken);
        try
        {
            using var response = await SendAsync(message, limit.Token).ConfigureAwait(false);
            return await read(response, limit.Token).ConfigureAwait(false);
        }
        catch (Exception error) when (IsFault(error) || error is OperationCanceledException or JsonException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return default;
        }
    }

    public void Dispose() => _http?.Dispose();

    private HttpMessageInvoker CreateClient()
    {
        var handler = PlainHandler.Create(_options.ConnectTimeout);
        handler.ConnectCallback = Connections.ConnectAsync;
        handler.ActivityHeadersPropagator = null; // CreateMessage adds the field more cheaply, and only within a trace
        _security.Secure(handler);
        return new HttpMessageInvoker(handler);
    }

    private Uri UriOf(Member peer, string path) => path == PoolProtocol.ChunkPath
        ? _chunkUris.GetValue(peer, it => new Uri($"{_scheme}://{it.Id}{path}"))
        : new Uri($"{_scheme}://{peer.Id}{path}");
}
