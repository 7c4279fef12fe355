using System.Runtime.CompilerServices;
using ChunkProxy.Cache.Concurrency;
using ChunkProxy.Cache.Reads;
using ChunkProxy.Cache.Security;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Cache.Origin;

/// <summary>Sends requests to the origin, follows permitted redirects, limits HttpClient's own retries, and rejects unreliable lengths.</summary>
internal sealed class OriginWire : IDisposable
{
    private readonly RedirectRules _redirects;
    private readonly OriginMessages _messages;
    private readonly OriginOptions _options;
    private readonly TimeProvider _time;
    private readonly IOriginSigner? _signature;
    private readonly Uri _url;
    private readonly bool _hasManyHosts;
    private HttpMessageInvoker? _http; // made with the first request: an idle process does not load the library
    private object? _gate; // of _http

    // .NET pools connections by the name in TLS. Clients that make up names would leave one behind for each.
    private static readonly TimeSpan IdleWithManyHosts = TimeSpan.FromSeconds(1);

    /// <param name="url">The origin's URL.</param>
    /// <param name="origin">Its settings.</param>
    /// <param name="messages">Writes the requests that follow redirects.</param>
    /// <param name="time">The clock.</param>
    /// <param name="signature">Signs requests; null for none.</param>
    /// <param name="hasManyHosts">Whether clients choose the host that the origin is asked for.</param>
    public OriginWire(Uri url, IOptions<OriginOptions> origin, OriginMessages messages, TimeProvider time, IOriginSigner? signature = null, bool hasManyHosts = false)
    {
        _signature = signature;
        _messages = messages;
        var options = origin.Value;
        _options = options;
        _time = time;
        _redirects = new RedirectRules(url, options);
        _url = url;
        _hasManyHosts = hasManyHosts;
        if (options.CaFile is { Length: > 0 })
        {
            Connect(); // a file without authorities ends the start
        }
    }

    private HttpMessageInvoker Http => LazyInitializer.EnsureInitialized(ref _http, ref _gate, CreateClient);

    /// <summary>Sends a request. Exactly one of the two results is set. Faults of the origin and the network are returned, not thrown.</summary>
    /// <param name="message">The request.</param>
    /// <param name="attempts">Counts the requests sent.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    public async Task<(HttpResponseMessage? Response, OriginAnswer? Failure)> SendAsync(HttpRequestMessage message, OriginAttempts attempts, CancellationToken cancellationToken)
    {
        using var limit = new TimeLimit(_options.FirstByteTimeout, _time, cancellationToken);
        HttpRequestMessage? next = null;
        try
        {
            for (var redirects = 0; ; redirects++)
            {
                if (_signature is not null && await SignAsync(_signature, next ?? message, limit, cancellationToken).ConfigureAwait(false) is { } unsigned)
                {
                    return (null, unsigned);
                }

                var (response, failure) = await SendOnceAsync(next ?? message, attempts, limit, cancellationToken).ConfigureAwait(false);
                if (response is null || _redirects.Next((next ?? message).RequestUri!, response) is not { } target)
                {
                    return (response, failure);
                }

                response.Dispose();
                if (redirects == _options.MaxRedirects)
                {
                    return (null, OriginAnswer.Of(OriginOutcome.Misbehaved, $"the origin redirects more than {_options.MaxRedirects} times", (int)response.StatusCode));
                }

                var from = next;
                next = _messages.Redirected(from ?? message, target, _redirects.IsOrigin(target));
                from?.Dispose();
            }
        }
        finally
        {
            next?.Dispose();
        }
    }

    public void Dispose() => _http?.Dispose();

    // A method of its own: the library is loaded with it.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Connect() => _ = Http;

    private HttpMessageInvoker CreateClient()
    {
        var handler = PlainHandler.Create(_options.ConnectTimeout);
        handler.PooledConnectionIdleTimeout = _hasManyHosts ? IdleWithManyHosts : TimeSpan.FromMinutes(1); // less than nginx's keep-alive timeout of 75 s
        handler.PooledConnectionLifetime = TimeSpan.FromMinutes(15); // so that DNS changes of the origin are noticed
        handler.ConnectCallback = new OriginConnector(_url).ConnectAsync;
        handler.PlaintextStreamFilter = static (context, _) => new(new OriginConnection(context.PlaintextStream));
        if (_options.CaFile is { Length: > 0 } authorities)
        {
            Trust(handler, authorities);
        }

        return new HttpMessageInvoker(handler);
    }

    // A method of its own: the assemblies of X.509 are loaded with it.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Trust(SocketsHttpHandler handler, string file) =>
        handler.SslOptions.CertificateChainPolicy = TrustedAuthorities.PolicyOf(TrustedAuthorities.Read(file));

    // Returns the failure if the request cannot be signed, or null. Another host gets no signature.
    private async ValueTask<OriginAnswer?> SignAsync(IOriginSigner signature, HttpRequestMessage message, TimeLimit limit, CancellationToken cancellationToken)
    {
        if (!_redirects.IsOrigin(message.RequestUri!))
        {
            signature.RemoveFrom(message);
            return null;
        }

        try
        {
            return await signature.TrySignAsync(message, limit.Token).ConfigureAwait(false) ? null : OriginAnswer.Of(OriginOutcome.Failed, "no credentials for the origin");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return OriginAnswer.Of(OriginOutcome.Failed, "no credentials for the origin in time");
        }
    }

    private async Task<(HttpResponseMessage? Response, OriginAnswer? Failure)> SendOnceAsync(
        HttpRequestMessage message, OriginAttempts attempts, TimeLimit limit, CancellationToken cancellationToken)
    {
        using var repeats = new CancellationTokenSource();
        using var any = CancellationTokenSource.CreateLinkedTokenSource(repeats.Token, limit.Token);
        var exchange = new WireExchange(attempts, repeats);
        exchange.Enter();
        try
        {
            var response = await Http.SendAsync(message, any.Token).ConfigureAwait(false);
            if (MessageFraming.FaultOf(response) is not { } fault)
            {
                return (response, null);
            }

            exchange.CloseConnection();
            response.Dispose();
            return (null, OriginAnswer.Of(OriginOutcome.Misbehaved, $"the origin sends {fault}", (int)response.StatusCode));
        }
        catch (OperationCanceledException) when (repeats.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return (null, OriginFault.Of(new HttpRequestException(HttpRequestError.ResponseEnded)));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Either this method's timeout, or the handler's connect timeout, which throws the same type.
            return (null, OriginAnswer.Of(OriginOutcome.TimedOut, $"the origin did not answer within {_options.FirstByteTimeout.TotalSeconds:0.#} s"));
        }
        catch (Exception error) when (OriginFault.Of(error) is { } failure)
        {
            return (null, failure);
        }
        finally
        {
            if (exchange.Requests == 0)
            {
                attempts.Count();
            }
        }
    }
}
