using System.Globalization;
using ChunkProxy.Cache.Cluster;
using ChunkProxy.Cache.Ownership;
using ChunkProxy.Cache.Peers.Transport;
using ChunkProxy.Cache.Reads;
using ChunkProxy.Cache.Tiers.Disk;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Cache.Peers.Health;

/// <summary>Finds out by pings how other members are, and keeps questions away from those that are not well.</summary>
internal sealed class PeerVitals(PeerTransport transport, PeerBreakers breakers, ClusterView cluster, IOptions<PeerOptions> options)
{
    private readonly PeerOptions _options = options.Value;

    /// <summary>Whether the member is avoided for now.</summary>
    public bool IsAvoided(Member peer) => breakers.IsOpen(peer.Id);

    /// <summary>Says whether the member is alive, soon.</summary>
    public async Task<bool> PingAsync(Member peer, CancellationToken cancellationToken) =>
        await ProbeAsync(peer, subject: null, cancellationToken).ConfigureAwait(false) is not Pulse.None;

    /// <summary>Says whether the member is alive, and whether its answer to a question waits for others, soon.</summary>
    /// <param name="peer">The member.</param>
    /// <param name="subject">What the question is about.</param>
    /// <param name="cancellationToken">Nobody wants to know any more.</param>
    public async Task<Pulse> ProbeAsync(Member peer, PeerSubject? subject, CancellationToken cancellationToken)
    {
        using var message = transport.CreateMessage(HttpMethod.Get, peer, PoolProtocol.PingPath);
        subject?.NameTo(message);
        return await transport.TryAskAsync(
            message,
            _options.PingTimeout,
            static (response, _) => ValueTask.FromResult(
                !response.IsSuccessStatusCode ? Pulse.None
                : PeerTransport.Field(response, PoolProtocol.Waits) is null ? Pulse.Beats
                : Pulse.WaitsForOthers),
            cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Pings members that are thought to be well, all at once; those that do not answer are avoided from then on.</summary>
    /// <remarks>For the candidates behind one that was silent: silence is often not that of one member but that of the way to all of them.</remarks>
    public Task CheckAsync(IEnumerable<Member> peers, CancellationToken cancellationToken) =>
        Task.WhenAll(peers.Where(peer => !IsAvoided(peer)).Select(peer => CheckAsync(peer, cancellationToken)));

    /// <inheritdoc cref="CheckAsync(IEnumerable{Member}, CancellationToken)"/>
    public async Task CheckAsync(Member peer, CancellationToken cancellationToken)
    {
        if (!await PingAsync(peer, cancellationToken).ConfigureAwait(false))
        {
            Trip(peer, PeerReadOutcome.Silent);
        }
    }

    /// <summary>Takes note that the peer failed: it is avoided until it is well again.</summary>
    /// <param name="peer">The member.</param>
    /// <param name="why">What it did.</param>
    /// <param name="subject">
    /// Of <see cref="PeerReadOutcome.Stalled"/>: what it was asked for. Pings do not tell when it is well again, for it answers those. It is when it answers the
    /// same question for what it has; that waits for nobody.
    /// </param>
    public void Trip(Member peer, PeerReadOutcome why, PeerSubject? subject = null) => breakers.Trip(
        peer.Id,
        why,
        stop => why is PeerReadOutcome.Stalled && subject is { } stalled ? AnswersAsync(peer, stalled, stop) : PingAsync(peer, stop),
        () => cluster.Owners.Epoch.Find(peer.Id) is not null,
        peer.Label);

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
                await transport.ReadAsync(response, VersionRecord.MaxLength, stop).ConfigureAwait(false);
                return response.IsSuccessStatusCode || PeerTransport.Field(response, PoolProtocol.Error) is not null;
            },
            cancellationToken).ConfigureAwait(false);
    }
}
