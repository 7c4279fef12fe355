using ChunkProxy.Cache.Chunks;
using ChunkProxy.Web.Http.Ranges;

namespace ChunkProxy.Web.Http.Sending;

/// <summary>Enumerates the slices of all ranges of a response, in the order of sending.</summary>
internal struct SliceCursor(ChunkLayout layout, RangeOutcome ranges)
{
    private int _range;
    private long _offset = -1; // -1: at the start of the range

    public bool TryNext(out Slice slice)
    {
        while (_range < ranges.Count)
        {
            var range = ranges[_range];
            var offset = _offset < 0 ? range.Start : _offset;
            if (offset < range.End)
            {
                slice = layout.SliceAt(offset, range.End);
                _offset = offset + slice.Length;
                return true;
            }

            _range++;
            _offset = -1;
        }

        slice = default;
        return false;
    }
}
