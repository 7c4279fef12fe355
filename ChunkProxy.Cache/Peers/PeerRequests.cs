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

/// <summary>Sends members requests other than reads: status, purges, warming, draining.</summary>
internal sealed class PeerRequests(PeerTransport transport, WatchedRequests requests, PeerHealth health, IOptions<PeerOptions> options, TimeProvider time)
{
    // Most bytes of a JSON response. The map of a large object is the longest.
    private const int LongestAnswer = 16 * 1024 * 1024;

    private readonly TimeSpan _silence = options.Value.Silence;

    // Longer than a ping: the request takes more work, and a busy member must not appear as gone on a status page.
    private readonly TimeSpan _patience = options.Value.PingTimeout * 3;

    /// <summary>
    /// Has a member process a chunk, and waits as long as the member makes progress. Faults of the peer and the network are outcomes, not exceptions.
    /// </summary>
    public async Task<PeerAnswer> PostAsync(Member peer, string path, Chunk chunk, CancellationToken cancellationToken)
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

    /// <summary>Asks a member about itself. Returns null if it does not answer in time or has no answer.</summary>
    /// <remarks>Does not open a breaker, since the member may not support the request yet. Does not ask a member that is avoided.</remarks>
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
        if (health.IsAvoided(peer))
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

    /// <summary>
    /// Sends a member data and returns its response; null without one. Does not open a breaker, and asks even a member that is avoided.
    /// </summary>
    /// <param name="peer">The member.</param>
    /// <param name="path">The path on its pool port.</param>
    /// <param name="what">The JSON content.</param>
    /// <param name="patience">Timeout of the response. A ping before it checks that the member is alive.</param>
    /// <param name="type">The type of the response.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    public async Task<TAnswer?> PingAndSendAsync<TAnswer>(
        Member peer, string path, HttpContent what, TimeSpan patience, JsonTypeInfo<TAnswer> type, CancellationToken cancellationToken)
        where TAnswer : class
    {
        using var message = transport.CreateMessage(HttpMethod.Post, peer, path);
        message.Content = what;
        return await health.PingAsync(peer, cancellationToken).ConfigureAwait(false)
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
