using System.Security.Cryptography;
using System.Text;
using Microsoft.Net.Http.Headers;

namespace ChunkProxy.SampleOrigin.Films;

/// <summary>A film of several minutes. It is not a file: its bytes are computed from a clip when they are read.</summary>
/// <remarks>
/// A film is a head (WebM header, track, index of seek points), followed by WebM clusters of equal size. A cluster contains blocks of the clip
/// with the time of the film, and padding up to a constant bit rate, as in broadcast streams. The position of every byte is therefore plain
/// arithmetic. The padding differs from cluster to cluster, so that a byte served from a wrong position is a wrong byte.
/// </remarks>
internal sealed class Film
{
    private readonly Clip _clip;
    private readonly byte[] _head;
    private readonly int _clusters;
    private readonly ulong _seed;

    public Film(string name, string title, Clip clip, TimeSpan duration, int bitsPerSecond)
    {
        Name = name;
        Title = title;
        _clip = clip;
        _clusters = (int)(duration / Clip.ClusterDuration);
        ClusterLength = (int)(bitsPerSecond / 8 * Clip.ClusterDuration.TotalSeconds);
        _head = Head();
        Length = _head.Length + ((long)_clusters * ClusterLength);

        var hash = SHA256.HashData([.. clip.Bytes, .. Encoding.UTF8.GetBytes($"{name} {_clusters} {ClusterLength}")]);
        _seed = BitConverter.ToUInt64(hash);
        ETag = new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(hash.AsSpan(0, 8))}\"");
    }

    public string Name { get; }

    public string Title { get; }

    public EntityTagHeaderValue ETag { get; }

    /// <summary>In bytes.</summary>
    public long Length { get; }

    /// <summary>Length of each cluster in bytes.</summary>
    public int ClusterLength { get; }

    public TimeSpan Duration => _clusters * Clip.ClusterDuration;

    public ReadOnlySpan<byte> HeadBytes => _head;

    /// <summary>Writes one whole cluster.</summary>
    public void WriteCluster(int index, Span<byte> destination)
    {
        var blocks = _clip.Clusters[index % _clip.Clusters.Count];
        var timestamp = Ebml.Element(Ebml.Timestamp, (ulong)(index * (long)Clip.ClusterDuration.TotalMilliseconds));

        var at = Ebml.WriteHead(destination, Ebml.Cluster, ClusterLength - Ebml.HeadLength(Ebml.Cluster));
        timestamp.CopyTo(destination[at..]);
        at += timestamp.Length;
        blocks.CopyTo(destination[at..]);
        at += blocks.Length;
        at += Ebml.WriteHead(destination[at..], Ebml.Void, ClusterLength - at - Ebml.HeadLength(Ebml.Void));
        Stuffing(_seed + (ulong)index, destination[at..ClusterLength]);
    }

    private static void Stuffing(ulong seed, Span<byte> destination)
    {
        var state = (seed * 0x9E3779B97F4A7C15) | 1; // xorshift64 never leaves zero
        foreach (ref var b in destination)
        {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            b = (byte)state;
        }
    }

    private byte[] Head()
    {
        var info = Ebml.Element(
            Ebml.Info,
            Ebml.Element(Ebml.TimestampScale, 1_000_000UL), // nanoseconds: timestamps are milliseconds
            Ebml.Element(Ebml.Duration, Duration.TotalMilliseconds),
            Ebml.Element(Ebml.MuxingApp, nameof(SampleOrigin)),
            Ebml.Element(Ebml.WritingApp, nameof(SampleOrigin)));

        // The index contains the positions of the clusters, which follow it. Its length does not depend on its content, so it is measured first.
        var before = (long)info.Length + _clip.Tracks.Length + Cues(0).Length;
        byte[] segment = [.. info, .. _clip.Tracks, .. Cues(before)];

        var segmentHead = new byte[Ebml.HeadLength(Ebml.Segment)];
        Ebml.WriteHead(segmentHead, Ebml.Segment, segment.Length + ((long)_clusters * ClusterLength));
        return [.. _clip.EbmlHeader, .. segmentHead, .. segment];
    }

    private byte[] Cues(long firstCluster) => Ebml.Element(
        Ebml.Cues,
        [.. Enumerable.Range(0, _clusters).Select(index => Ebml.Element(
            Ebml.CuePoint,
            Ebml.Element(Ebml.CueTime, (ulong)(index * (long)Clip.ClusterDuration.TotalMilliseconds)),
            Ebml.Element(
                Ebml.CueTrackPositions,
                Ebml.Element(Ebml.CueTrack, 1UL),
                Ebml.Element(Ebml.CueClusterPosition, (ulong)(firstCluster + ((long)index * ClusterLength))))))]);
}
