using System.Net.Http.Headers;

namespace ChunkProxy.Testing.Scripted;

/// <summary>The single range of a request (RFC 9110 §14.1.2); a request for several receives the whole object.</summary>
internal readonly record struct RequestedRange(long Start, long End, bool IsPartial, bool IsUnsatisfiable)
{
    public static RequestedRange Everything(long size) => new(0, size, IsPartial: false, IsUnsatisfiable: false);

    public static RequestedRange Parse(string? field, long size)
    {
        if (!RangeHeaderValue.TryParse(field, out var ranges) || ranges.Unit != "bytes" || ranges.Ranges.Count != 1)
        {
            return Everything(size);
        }

        var range = ranges.Ranges.Single();
        var start = range.From ?? Math.Max(0, size - range.To!.Value);
        var end = range.From is null || range.To is null ? size : Math.Min(size, range.To.Value + 1);
        return start >= end
            ? new RequestedRange(0, 0, IsPartial: false, IsUnsatisfiable: true)
            : new RequestedRange(start, end, IsPartial: true, IsUnsatisfiable: false);
    }
}
