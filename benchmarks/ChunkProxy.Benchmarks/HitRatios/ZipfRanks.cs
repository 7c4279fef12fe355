namespace ChunkProxy.Benchmarks.HitRatios;

/// <summary>Draws ranks from 0 with a probability proportional to 1/(rank+1)^exponent.</summary>
internal sealed class ZipfRanks
{
    private readonly double[] _cumulative;
    private readonly Random _random;

    public ZipfRanks(int count, double exponent, Random random)
    {
        _random = random;
        _cumulative = new double[count];
        var sum = 0.0;
        for (var rank = 0; rank < count; rank++)
        {
            _cumulative[rank] = sum += Math.Pow(rank + 1, -exponent);
        }
    }

    public int Next()
    {
        var found = Array.BinarySearch(_cumulative, _random.NextDouble() * _cumulative[^1]);
        return Math.Min(found < 0 ? ~found : found, _cumulative.Length - 1);
    }
}
