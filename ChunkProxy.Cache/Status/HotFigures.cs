using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Popularity;
using ChunkProxy.Cache.Sites;

namespace ChunkProxy.Cache.Status;

/// <summary>What clients read most, in the last 30 to 60 seconds: an object, a film in segments, or all objects below a first path segment.</summary>
/// <param name="Path">Path of the object as it is shown; the folder of the segments; or the first path segment, as <c>/films/</c>.</param>
/// <param name="ReadsPerSecond">Slices opened for clients.</param>
/// <param name="HitsPerSecond">Of these, the slices that did not have to come from the origin.</param>
/// <param name="BytesPerSecond">Bytes sent to clients.</param>
/// <param name="Bytes">Bytes sent to clients since the object is counted.</param>
/// <param name="Viewers">Clients, by address: an estimate.</param>
/// <param name="IsOfSegments">Whether it is a film in segments.</param>
internal sealed record HotFigures(string Path, double ReadsPerSecond, double HitsPerSecond, double BytesPerSecond, long Bytes, int Viewers, bool IsOfSegments = false)
{
    /// <summary>Share of the reads that were hits; 0 without reads.</summary>
    public double HitRatio => ReadsPerSecond > 0 ? Math.Round(Math.Min(1, HitsPerSecond / ReadsPerSecond), 4) : 0;

    /// <summary>Returns the hottest objects of a process.</summary>
    public static IReadOnlyList<HotFigures> ObjectsOf(IReadOnlyList<HotObject> counted, int most) =>
        Hottest(counted.Select(static it => Of(it.Name, [it])), most);

    /// <summary>Returns the hottest first path segments of a process, as far as their objects are counted.</summary>
    public static IReadOnlyList<HotFigures> PrefixesOf(IReadOnlyList<HotObject> counted, int most) =>
        Hottest(counted.GroupBy(static it => PrefixOf(it.Name)).Select(static group => Of(group.Key, [.. group])), most);

    /// <summary>Adds up the figures of several processes. A client that reads from two of them counts twice.</summary>
    public static IReadOnlyList<HotFigures> AddUp(IEnumerable<HotFigures> ofProcesses, int most) => Hottest(
        ofProcesses.GroupBy(static it => it.Path).Select(static same => new HotFigures(
            same.Key,
            Math.Round(same.Sum(it => it.ReadsPerSecond), 3),
            Math.Round(same.Sum(it => it.HitsPerSecond), 3),
            Math.Round(same.Sum(it => it.BytesPerSecond)),
            same.Sum(it => it.Bytes),
            same.Sum(it => it.Viewers),
            same.Any(it => it.IsOfSegments))),
        most);

    private static IReadOnlyList<HotFigures> Hottest(IEnumerable<HotFigures> all, int most) =>
    [
        .. all.OrderByDescending(static it => it.ReadsPerSecond).ThenByDescending(static it => it.Bytes).ThenBy(static it => it.Path, StringComparer.Ordinal).Take(most),
    ];

    private static HotFigures Of(string path, IReadOnlyList<HotObject> objects)
    {
        var viewers = ObjectActivity.NoViewers();
        foreach (var it in objects)
        {
            for (var i = 0; i < viewers.Length; i++)
            {
                viewers[i] |= it.Viewers[i];
            }
        }

        return new HotFigures(
            path,
            Math.Round(objects.Sum(it => it.ReadsPerSecond), 3),
            Math.Round(objects.Sum(it => it.HitsPerSecond), 3),
            Math.Round(objects.Sum(it => it.BytesPerSecond)),
            objects.Sum(it => it.Bytes),
            ObjectActivity.ViewersIn(viewers),
            objects is [{ IsOfSegments: true }] && objects[0].Name == path);
    }

    /// <summary>Returns the text of an object up to the end of the first path segment: <c>/films/</c> of <c>/films/a/b</c>.</summary>
    internal static string PrefixOf(string text)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        slash += HostedTarget.EndOfHost(text[slash..]); // the path, after the host if that is part of the key
        var next = text.IndexOf('/', slash + 1);
        return next < 0 ? text[..(slash + 1)] : text[..(next + 1)];
    }
}
