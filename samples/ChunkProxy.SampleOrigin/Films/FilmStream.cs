namespace ChunkProxy.SampleOrigin.Films;

/// <summary>Reads a film. Each stream has its own position.</summary>
internal sealed class FilmStream(Film film) : Stream
{
    private readonly byte[] _cluster = new byte[film.ClusterLength];
    private int _inBuffer = -1; // index of the cluster in _cluster

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => film.Length;

    public override long Position { get; set; }

    public override int Read(Span<byte> buffer)
    {
        var head = film.HeadBytes;
        if (buffer.IsEmpty || Position >= Length)
        {
            return 0;
        }

        if (Position < head.Length)
        {
            return Copy(head[(int)Position..], buffer);
        }

        var (index, offset) = Math.DivRem(Position - head.Length, film.ClusterLength);
        if (_inBuffer != index)
        {
            film.WriteCluster((int)index, _cluster);
            _inBuffer = (int)index;
        }

        return Copy(_cluster.AsSpan((int)offset), buffer);
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => new(Read(buffer.Span));

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        Task.FromResult(Read(buffer.AsSpan(offset, count)));

    public override long Seek(long offset, SeekOrigin origin) => Position = origin switch
    {
        SeekOrigin.Begin => offset,
        SeekOrigin.Current => Position + offset,
        _ => Length + offset,
    };

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private int Copy(ReadOnlySpan<byte> from, Span<byte> to)
    {
        var length = Math.Min(from.Length, to.Length);
        from[..length].CopyTo(to);
        Position += length;
        return length;
    }
}
