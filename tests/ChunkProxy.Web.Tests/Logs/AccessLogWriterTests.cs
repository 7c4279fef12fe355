using System.Collections.Concurrent;
using System.Text;
using ChunkProxy.Cache.Settings;
using ChunkProxy.Testing.Processes;
using ChunkProxy.Web.Logs;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace ChunkProxy.Web.Tests.Logs;

public sealed class AccessLogWriterTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _time = new();
    private readonly LogLines _log = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private string File => _folder.Combine("access.log");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Stop_LinesAreInMemory_WritesThemAll()
    {
        var buffer = new LineBuffer(1024 * 1024);
        using var writer = WriterOf(buffer);
        await writer.StartAsync(Stop);

        Parallel.For(0, 1000, i => buffer.Add(Encoding.UTF8.GetBytes($"line {i:0000}\n")));
        await writer.StopAsync(Stop);

        Assert.Equal(Enumerable.Range(0, 1000).Select(i => $"line {i:0000}"), (await System.IO.File.ReadAllLinesAsync(File, Stop)).Order());
    }

    [Fact]
    public async Task Dispose_LinesCameAfterTheStop_WritesThem()
    {
        var buffer = new LineBuffer(1024);
        var writer = WriterOf(buffer);
        await writer.StartAsync(Stop);
        await writer.StopAsync(Stop);

        buffer.Add("late\n"u8);
        writer.Dispose();

        Assert.Equal(["late"], await System.IO.File.ReadAllLinesAsync(File, Stop));
    }

    [Fact]
    public async Task Reopen_FileWasMoved_WritesIntoTheNewOne()
    {
        var buffer = new LineBuffer(1024);
        using (var first = WriterOf(buffer))
        {
            await first.StartAsync(Stop);
            buffer.Add("one\n"u8);
            await first.StopAsync(Stop);
        }

        using var writer = WriterOf(buffer);
        await writer.StartAsync(Stop);
        System.IO.File.Move(File, File + ".1");

        writer.Reopen();
        buffer.Add("two\n"u8);
        await writer.StopAsync(Stop);

        Assert.Equal(["one"], await System.IO.File.ReadAllLinesAsync(File + ".1", Stop));
        Assert.Equal(["two"], await System.IO.File.ReadAllLinesAsync(File, Stop));
    }

    [Fact]
    public async Task Add_BufferIsFull_DropsAndCountsTheLines()
    {
        var buffer = new LineBuffer(8);
        using var writer = WriterOf(buffer);

        buffer.Add("kept\n"u8);
        buffer.Add("dropped\n"u8);
        buffer.Add("dropped\n"u8);
        await writer.StartAsync(Stop);
        await writer.StopAsync(Stop);

        Assert.Equal(["kept"], await System.IO.File.ReadAllLinesAsync(File, Stop));
        Assert.Contains(_log.Lines, line => line.StartsWith("Dropped 2 lines", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Add_BufferIsFullAgainWithinTheMinute_TheNextReportHasAllDroppedLines()
    {
        var buffer = new LineBuffer(8);
        var writer = WriterOf(buffer);
        await writer.StartAsync(Stop);
        await writer.StopAsync(Stop);
        foreach (var _ in new[] { 1, 2 })
        {
            buffer.Add("kept\n"u8);
            buffer.Add("dropped\n"u8);
            buffer.Add("dropped\n"u8);
            writer.Flush();
        }

        _time.Advance(TimeSpan.FromMinutes(1));
        buffer.Add("kept\n"u8);
        buffer.Add("dropped\n"u8);
        writer.Dispose();

        Assert.Equal(["2", "3"], _log.Lines.Where(line => line.StartsWith("Dropped", StringComparison.Ordinal)).Select(line => line.Split(' ')[1]));
    }

    [Fact]
    public async Task Write_FileRefusesTheLinesAgainWithinTheMinute_TheNextReportHasAllLostLines()
    {
        var buffer = new LineBuffer(1024);
        var writer = WriterOf(buffer, "/dev/full");
        await writer.StartAsync(Stop);
        await writer.StopAsync(Stop);
        foreach (var _ in new[] { 1, 2, 3 })
        {
            buffer.Add("lost\n"u8);
            writer.Flush();
        }

        _time.Advance(TimeSpan.FromMinutes(1));
        buffer.Add("lost\n"u8);
        writer.Dispose();

        Assert.Equal(["1", "3"], _log.Lines.Where(line => line.StartsWith("Could not write", StringComparison.Ordinal)).Select(line => line.Split(' ')[3]));
    }

    [Fact]
    public async Task Write_FileRefusesTheLines_IsReportedAndTheNextOnesAreWritten()
    {
        var buffer = new LineBuffer(1024);
        var writer = WriterOf(buffer, "/dev/full");
        await writer.StartAsync(Stop);
        buffer.Add("lost\n"u8);

        await writer.StopAsync(Stop);
        writer.Dispose();

        Assert.Contains(_log.Lines, line => line.StartsWith("Could not write 1 lines", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Start_FileCannotBeOpened_IsRefusedWithItsKey()
    {
        using var writer = WriterOf(new LineBuffer(1024), _folder.Combine("nosuch", "access.log"));

        var refused = await Assert.ThrowsAsync<StartException>(() => writer.StartAsync(Stop));

        Assert.StartsWith("ChunkProxy:AccessLog:To: ", refused.Message, StringComparison.Ordinal);
    }

    private AccessLogWriter WriterOf(LineBuffer buffer, string? path = null) =>
        new(Options.Create(new AccessLogOptions { To = path ?? File }), buffer, _time, _log);

    private sealed class LogLines : ILogger<AccessLogWriter>
    {
        public ConcurrentQueue<string> Lines { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Enqueue(formatter(state, exception));
    }
}
