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

/// <summary>The way to other members' pool ports: connections, the proofs, and what every request carries.</summary>
internal sealed class PeerTransport : IDisposable
{
    private readonly HttpMessageInvoker _http;
    private readonly ClusterView _cluster;
    private readonly PeerProofs _proofs;
    private readonly string _scheme;
    private readonly TimeProvider _time;
    private readonly ConditionalWeakTable<Member, Uri> _chunkUris = []; // for as long as the membership names them

    public PeerTransport(ClusterView cluster, PoolSecurity security, PeerProofs proofs, IOptions<PeerOptions> options, TimeProvider time)
    {
        _time = time;
        _cluster = cluster;
        _proofs = proofs;
        _scheme = security.Scheme;
        var handler = new SocketsHttpHandler
        {
            ConnectTimeout = options.Value.ConnectTimeout,
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            UseCookies = false,
            UseProxy = false,
            ActivityHeadersPropagator = null, // ours is cheaper, and silent without a trace
        };
        security.Secure(handler);
        _http = new HttpMessageInvoker(handler);
    }

    /// <summary>What the connection or the peer's end of it may do to a request.</summary>
    /// <remarks>A <see cref="SocketException"/> comes out of the handler as it is, from a connection that was reset as soon as it was made.</remarks>
    public static bool IsFault(Exception error) => error is HttpRequestException or IOException or SocketException;

    /// <summary>Returns a field of an answer, or null.</summary>
    public static string? Field(HttpResponseMessage response, string name) =>
        response.Headers.NonValidated.TryGetValues(name, out var values) ? values.ToString() : null;

    /// <summary>Returns a message with what every one of them carries: the epoch, and the trace that it belongs to.</summary>
    public HttpRequestMessage CreateMessage(HttpMethod method, Member peer, string path)
    {
        var message = new HttpRequestMessage(method, UriOf(peer, path)) { Version = HttpVersion.Version11 };
        message.Headers.TryAddWithoutValidation(PoolProtocol.Epoch, _cluster.Owners.Epoch.Number.ToString("x16", CultureInfo.InvariantCulture));
        if (path != PoolProtocol.PingPath && Activity.Current is { IdFormat: ActivityIdFormat.W3C, Id: { } trace })
        {
            message.Headers.TryAddWithoutValidation("traceparent", trace);
        }

        return message;
    }

    /// <summary>Proves the request, and brings the answer's head, proved; it does not watch over the peer.</summary>
    /// <exception cref="UnprovenAnswerException">The answer is not proved to be the peer's; one that <see cref="IsFault"/> knows.</exception>
    /// <exception cref="Exception">One that <see cref="IsFault"/> knows, or <see cref="OperationCanceledException"/>.</exception>
    public async Task<HttpResponseMessage> SendAsync(HttpRequestMessage message, CancellationToken cancellationToken)
    {
        _proofs.Prove(message, message.Content is { } content ? await content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false) : default);
        var response = await _http.SendAsync(message, cancellationToken).ConfigureAwait(false);
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

    /// <summary>Brings the whole body of an answer, proved.</summary>
    /// <param name="response">An answer of <see cref="SendAsync"/>.</param>
    /// <param name="longest">Most bytes that the body may have.</param>
    /// <param name="cancellationToken">Gives the answer up.</param>
    /// <exception cref="Exception">As of <see cref="SendAsync"/>.</exception>
    public async Task<byte[]> ReadAsync(HttpResponseMessage response, long longest, CancellationToken cancellationToken)
    {
        await response.Content.LoadIntoBufferAsync(longest, cancellationToken).ConfigureAwait(false);
        var content = await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false);
        return _proofs.Accepts(response, content) ? content : throw new UnprovenAnswerException();
    }

    /// <summary>Returns the tags that the answer's body is sent with; null: it is sent without.</summary>
    public BlockTags? TagsOf(HttpResponseMessage response) => _proofs.TagsOf(response);

    /// <summary>Brings a short answer as a whole. The default, where the peer does not give one that can be read within the time it has.</summary>
    /// <param name="message">The question.</param>
    /// <param name="patience">How long the answer may take, its body included.</param>
    /// <param name="read">Reads the answer.</param>
    /// <param name="cancellationToken">Nobody wants to know any more.</param>
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

    public void Dispose() => _http.Dispose();

    private Uri UriOf(Member peer, string path) => path == PoolProtocol.ChunkPath
        ? _chunkUris.GetValue(peer, it => new Uri($"{_scheme}://{it.Id}{path}"))
        : new Uri($"{_scheme}://{peer.Id}{path}");
}
