using System.IO.Hashing;
using System.Text;
using ChunkProxy.Cache.Chunks;

namespace ChunkProxy.Cache.Tiers.Disk;

/// <summary>Ranks the directories of the disk tier for each chunk: weighted rendezvous hashing.</summary>
/// <remarks>
/// Each directory comes first for a share of the chunks that is its share of the budget. A directory that is added comes first for its share of them;
/// the order of the others stays. The same holds for one that is away. Its chunks divide over the others by their budgets.
/// </remarks>
internal sealed class DiskPlacement
{
    /// <summary>Most directories.</summary>
    public const int MostDirectories = 16;

    private readonly ulong[] _seeds;
    private readonly double[] _weights;

    /// <param name="directories">Full path and budget of each directory.</param>
    public DiskPlacement(IReadOnlyList<(string Path, long Budget)> directories)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(directories.Count, MostDirectories);
        _seeds = [.. directories.Select(it => XxHash3.HashToUInt64(Encoding.UTF8.GetBytes(it.Path)))];
        _weights = [.. directories.Select(it => (double)Math.Max(1, it.Budget))];
    }

    /// <summary>Writes the numbers of the directories, the best for the chunk first.</summary>
    /// <param name="key">The chunk or record.</param>
    /// <param name="order">As many elements as there are directories.</param>
    public void Rank(ChunkKey key, Span<int> order)
    {
        Span<double> scores = stackalloc double[MostDirectories];
        for (var i = 0; i < _seeds.Length; i++)
        {
            var score = ScoreOf(key, i);
            var place = i;
            for (; place > 0 && scores[place - 1] < score; place--)
            {
                scores[place] = scores[place - 1];
                order[place] = order[place - 1];
            }

            scores[place] = score;
            order[place] = i;
        }
    }

    // -weight / ln(u) for a hash u of chunk and directory in (0, 1): the greatest is directory i with probability weight i / sum of weights.
    private double ScoreOf(ChunkKey key, int directory)
    {
        var hash = Mix(Mix(key.Version.Low ^ _seeds[directory]) ^ key.Version.High ^ ((ulong)key.Index * 0x9E3779B97F4A7C15UL));
        return -_weights[directory] / Math.Log(((hash >> 11) + 0.5) / (1UL << 53));
    }

    // The finalizer of SplitMix64.
    private static ulong Mix(ulong x)
    {
        x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9UL;
        x = (x ^ (x >> 27)) * 0x94D049BB133111EBUL;
        return x ^ (x >> 31);
    }
}
