using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Ownership;
using ChunkProxy.Cache.Peers.Health;
using ChunkProxy.Cache.Peers.Transport;
using ChunkProxy.Cache.Reads;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Cache.Peers;

/// <summary>What members ask and tell each other besides reading: how they are, what was purged, what to warm or to drain.</summary>
internal sealed class PeerRequests(PeerTransport transport, WatchedRequests requests, PeerVitals vitals, IOptions<PeerOptions> options, TimeProvider time)
{
    // What a member says of itself, in JSON: the map of a large object is the longest.
    private const int LongestAnswer = 16 * 1024 * 1024;

    private readonly TimeSpan _silence = options.Value.Silence;

    // A question takes more than a ping, and nobody who looks at a page wants to hear that a busy member is gone.
    private readonly TimeSpan _patience = options.Value.PingTimeout * 3;

    /// <summary>Has a member do something with a chunk, and waits for its answer for as long as the member gets on with it. Never throws for what the peer or the network does.</summary>
    public async Task<PeerAnswer> OrderAsync(Member peer, string path, Chunk chunk, CancellationToken cancellationToken)
    {
        using var message = transport.CreateMessage(HttpMethod.Post, peer, path);
        var subject = PeerSubject.Of(chunk, offset: 0);
        subject.AddTo(message);
        var (response, outcome) = await requests.SendAsync(peer, message, subject, PeerPatience.ForWork, cancellationToken).ConfigureAwait(false);
        using (response)
        {
            return new PeerAnswer(outcome) { Failure = outcome is PeerReadOutcome.Failed ? await PeerFailure.ReadAsync(transport, response!, _silence, time, cancellationToken).ConfigureAwait(false) : null };
        }
    }

    /// <summary>Asks a member about itself. Null: it has nothing to say, or not soon.</summary>
    /// <remarks>Opens no breaker: a member that does not know the question yet is none the worse. And asks none that is avoided.</remarks>
    public async Task<TAnswer?> AskAsync<TAnswer>(
        Member peer,
        string path,
        IEnumerable<(string Name, string Value)> fields,
        JsonTypeInfo<TAnswer> type,
        CancellationToken cancellationToken,
        HttpMethod? method = null,
        TimeSpan? patience = null)
        where TAnswer : class
    {
        if (vitals.IsAvoided(peer))
        {
            return null;
        }

        using var message = transport.CreateMessage(method ?? HttpMethod.Get, peer, path);
        foreach (var (name, value) in fields)
        {
            message.Headers.TryAddWithoutValidation(name, value);
        }

        return await AskAsync(message, patience ?? _patience, type, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Tells a member something, and returns what it says to that. Null: it does not answer. Opens no breaker, and tries though the member is avoided.</summary>
    /// <param name="peer">Whom to tell.</param>
    /// <param name="path">Where on its pool port.</param>
    /// <param name="what">What, as JSON.</param>
    /// <param name="patience">How long its answer may take; that it lives is found out by pings before.</param>
    /// <param name="type">What is expected.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    public async Task<TAnswer?> TellAsync<TAnswer>(
        Member peer, string path, HttpContent what, TimeSpan patience, JsonTypeInfo<TAnswer> type, CancellationToken cancellationToken)
        where TAnswer : class
    {
        using var message = transport.CreateMessage(HttpMethod.Post, peer, path);
        message.Content = what;
        return await vitals.PingAsync(peer, cancellationToken).ConfigureAwait(false)
            ? await AskAsync(message, patience, type, cancellationToken).ConfigureAwait(false)
            : null;
    }

    private Task<TAnswer?> AskAsync<TAnswer>(HttpRequestMessage message, TimeSpan patience, JsonTypeInfo<TAnswer> type, CancellationToken cancellationToken)
        where TAnswer : class =>
        transport.TryAskAsync(
            message,
            patience,
            async (response, stop) =>
            {
                if (response.StatusCode is not HttpStatusCode.OK)
                {
                    return null;
                }

                return JsonSerializer.Deserialize(await transport.ReadAsync(response, LongestAnswer, stop).ConfigureAwait(false), type);
            },
            cancellationToken);
}
