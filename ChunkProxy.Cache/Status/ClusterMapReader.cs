using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Cluster;
using ChunkProxy.Cache.Ownership;
using ChunkProxy.Cache.Peers;
using ChunkProxy.Cache.Peers.Transport;

namespace ChunkProxy.Cache.Status;

/// <summary>Asks all members for their chunks of an object.</summary>
internal sealed class ClusterMapReader(ClusterView cluster, PeerRequests peers, ProcessMapReader maps)
{
    /// <summary>Reads the map of the version known here, or else at another member. Null when no member knows the object.</summary>
    public async Task<ClusterMap?> ReadAsync(ObjectId id, CancellationToken cancellationToken)
    {
        var version = await maps.FindVersionAsync(id, cancellationToken).ConfigureAwait(false)
            ?? await AskForVersionAsync(id, cancellationToken).ConfigureAwait(false);
        return version is null ? await ReadHeatAsync(id, cancellationToken).ConfigureAwait(false) : await ReadAsync(version, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Reads the map of one version.</summary>
    public async Task<ClusterMap> ReadAsync(ObjectVersion version, CancellationToken cancellationToken)
    {
        var drained = cluster.Drained.Select(member => member.Id).ToHashSet();
        var own = maps.Read(version, cancellationToken);
        var self = cluster.Self?.Id;
        var answers = await AskAllAsync(version.Id, version, cancellationToken).ConfigureAwait(false);
        MemberMap[] members =
        [
            new(cluster.Self?.Label ?? ClusterStatusReader.Alone, IsSelf: true, self is not null && drained.Contains(self), own.Runs),
            .. answers.Select(answer => new MemberMap(answer.Member.Label, IsSelf: false, drained.Contains(answer.Member.Id), answer.Map?.Runs)),
        ];
        return new ClusterMap(
            version.Id.Shown,
            own.Version,
            own.Validator,
            own.SizeBytes,
            own.ChunkSizeBytes,
            own.Chunks,
            ChunkRun.CountChunks(members.SelectMany(member => member.Runs ?? []), static run => run.IsWhole),
            members,
            HeatFigures.AddUp([own.Heat, .. answers.Select(answer => answer.Map?.Heat)]));
    }

    // A folder of segments is no object, but it may be a film.
    private async Task<ClusterMap?> ReadHeatAsync(ObjectId id, CancellationToken cancellationToken)
    {
        var answers = await AskAllAsync(id, version: null, cancellationToken).ConfigureAwait(false);
        return HeatFigures.AddUp([maps.HeatOf(id), .. answers.Select(answer => answer.Map?.Heat)]) is { } heat
            ? new ClusterMap(id.Shown, "", "", 0, 0, 0, 0, [], heat)
            : null;
    }

    // An owner of a chunk may not know the object: the member that requested the chunk named the version.
    private async Task<ObjectVersion?> AskForVersionAsync(ObjectId id, CancellationToken cancellationToken)
    {
        var answers = await AskAllAsync(id, version: null, cancellationToken).ConfigureAwait(false);
        return answers.Select(answer => answer.Map).FirstOrDefault(map => map is { Token.Length: > 0 }) is { } known
            ? VersionToken.TryRead(known.Token, id, (int)known.ChunkSizeBytes)
            : null;
    }

    private async Task<IReadOnlyList<(Member Member, ProcessMap? Map)>> AskAllAsync(ObjectId id, ObjectVersion? version, CancellationToken cancellationToken) =>
        await Task.WhenAll(cluster.MembersAndDrained
            .Where(member => member.Id != cluster.Self?.Id)
            .Select(async member => (member, await AskAsync(member, id, version, cancellationToken).ConfigureAwait(false)))).ConfigureAwait(false);

    private Task<ProcessMap?> AskAsync(Member member, ObjectId id, ObjectVersion? version, CancellationToken cancellationToken) =>
        peers.AskAsync(
            member,
            PoolProtocol.MapPath,
            version is null ? [(PoolProtocol.Object, id.Text)] : [(PoolProtocol.Object, id.Text), (PoolProtocol.Version, version.Token)],
            StatusJson.Default.ProcessMap,
            cancellationToken);
}
