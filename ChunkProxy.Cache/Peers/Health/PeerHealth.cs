using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using ChunkProxy.Cache.Cluster;
using ChunkProxy.Cache.Membership;
using ChunkProxy.Cache.Ownership;
using ChunkProxy.Cache.Peers.Transport;
using ChunkProxy.Cache.Reads;
using ChunkProxy.Cache.Tiers.Disk;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Cache.Peers.Health;

/// <summary>Checks the health of other members by pings, and keeps requests away from unhealthy ones.</summary>
internal sealed class PeerHealth(
    PeerTransport transport, PeerBreakers breakers, DeliveryRates rates, ClusterView cluster, SharedSettings settings, IOptions<PeerOptions> options)
{
    // What a peer must bring before it counts as recovered from a stall: more than one packet, and more than a link's buffers.
    private const int ProbeBytes = PoolProtocol.MostPingBytes;

    private readonly PeerOptions _options = options.Value;
    private readonly ConcurrentDictionary<string, Lazy<Task>> _checks = new(); // in progress, by member

    /// <summary>Returns whether the member is currently avoided.</summary>
    public bool IsAvoided(Member peer) => breakers.IsOpen(peer.Id);

    /// <inheritdoc cref="DeliveryRates.LeastOf"/>
    public double LeastRateOf(Member peer) => rates.LeastOf(peer.Id);

    /// <inheritdoc cref="DeliveryRates.Note"/>
    public void NoteDelivery(Member peer, long bytes, TimeSpan waited) => rates.Note(peer.Id, bytes, waited);

    /// <summary>Returns whether the member answers a ping, within the ping timeout. A member with other settings counts as one that does not.</summary>
    public async Task<bool> PingAsync(Member peer, CancellationToken cancellationToken) =>
        await ProbeAsync(peer, subject: null, cancellationToken).ConfigureAwait(false) is not ProbeResult.NoAnswer;

    /// <summary>Returns whether the member is alive, and whether its answer to a request waits for others, within the ping timeout.</summary>
    /// <param name="peer">The member.</param>
    /// <param name="subject">The subject of the request.</param>
    /// <param name="cancellationToken">Cancels the ping.</param>
    public async Task<ProbeResult> ProbeAsync(Member peer, PeerSubject? subject, CancellationToken cancellationToken)
    {
        using var message = transport.CreateMessage(HttpMethod.Get, peer, PoolProtocol.PingPath);
        subject?.NameTo(message);
        return await transport.TryAskAsync(
            message,
            _options.PingTimeout,
            (response, _) => ValueTask.FromResult(
                !response.IsSuccessStatusCode || Disagrees(response) ? ProbeResult.NoAnswer
                : PeerTransport.Field(response, PoolProtocol.Waits) is null ? ProbeResult.Alive
                : ProbeResult.WaitsForOthers),
            cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Pings a member unless it is avoided. If it does not answer, it is avoided from then on.</summary>
    /// <remarks>Callers share one ping. No caller cancels it, so its result is there for later reads of the member.</remarks>
    public Task CheckAsync(Member peer) =>
        IsAvoided(peer) ? Task.CompletedTask : _checks.GetOrAdd(peer.Id, _ => new Lazy<Task>(() => CheckOnceAsync(peer))).Value;

    /// <summary>Records that the peer failed. It is avoided until it recovers.</summary>
    /// <param name="peer">The member.</param>
    /// <param name="why">How the peer failed.</param>
    /// <param name="subject">
    /// For <see cref="PeerReadOutcome.Stalled"/>: the subject of the request. A stalled peer answers pings, so pings cannot show its recovery. The
    /// probe repeats the request for cached content only, which waits for no other process. It then requests as many bytes as failed, because a
    /// path that loses all large packets lets the small ones of an answer through.
    /// </param>
    public void Trip(Member peer, PeerReadOutcome why, PeerSubject? subject = null) => breakers.Trip(
        peer.Id,
        why,
        async stop => why is PeerReadOutcome.Stalled && subject is { } stalled
            ? await AnswersAsync(peer, stalled, stop).ConfigureAwait(false) && await DeliversAsync(peer, stop).ConfigureAwait(false)
            : await PingAsync(peer, stop).ConfigureAwait(false),
        () => cluster.Owners.Epoch.Find(peer.Id) is not null,
        peer.Label);

    private async Task CheckOnceAsync(Member peer)
    {
        try
        {
            if (!await PingAsync(peer, CancellationToken.None).ConfigureAwait(false))
            {
                Trip(peer, PeerReadOutcome.Silent);
            }
        }
        finally
        {
            _checks.TryRemove(peer.Id, out _);
        }
    }

    private bool Disagrees(HttpResponseMessage pong) =>
        PeerTransport.Field(pong, PoolProtocol.Settings) is { } digest && !settings.AgreeWith(digest);

    private async Task<bool> DeliversAsync(Member peer, CancellationToken cancellationToken)
    {
        var rate = LeastRateOf(peer);
        using var message = transport.CreateMessage(HttpMethod.Get, peer, PoolProtocol.PingPath);
        message.Headers.TryAddWithoutValidation(PoolProtocol.Bytes, ProbeBytes.ToString(CultureInfo.InvariantCulture));
        return await transport.TryAskAsync(
            message,
            rate > 0 ? TimeSpan.FromTicks(Math.Min(_options.PingTimeout.Ticks, _options.StallTimeout.Ticks)) + TimeSpan.FromSeconds(ProbeBytes / rate) : _options.StallTimeout,
            async (response, stop) =>
            {
                await response.Content.LoadIntoBufferAsync(ProbeBytes, stop).ConfigureAwait(false);
                return response.IsSuccessStatusCode;
            },
            cancellationToken).ConfigureAwait(false);
    }

    // Any response with a proven header shows that the member answers again, also one that it cannot serve the subject any more. The bytes of a
    // chunk are sent in sealed blocks and ignored here.
    private async Task<bool> AnswersAsync(Member peer, PeerSubject subject, CancellationToken cancellationToken)
    {
        using var message = transport.CreateMessage(HttpMethod.Get, peer, subject.Chunk is null ? PoolProtocol.ObjectPath : PoolProtocol.ChunkPath);
        subject.AddTo(message);
        message.Headers.TryAddWithoutValidation(PoolProtocol.OnlyIfCached, "1");
        if (subject.Chunk is not null)
        {
            message.Headers.TryAddWithoutValidation(PoolProtocol.Slice, string.Create(CultureInfo.InvariantCulture, $"{subject.Offset}-{subject.Offset + 1}"));
        }

        return await transport.TryAskAsync(
            message,
            _options.StallTimeout,
            async (response, stop) =>
            {
                await response.Content.LoadIntoBufferAsync(VersionRecord.MaxLength, stop).ConfigureAwait(false);
                return response.IsSuccessStatusCode
                    || response.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.MisdirectedRequest
                    || PeerTransport.Field(response, PoolProtocol.Error) is not null;
            },
            cancellationToken).ConfigureAwait(false);
    }
}
