using System.Net.Sockets;
using ChunkProxy.Cache.ZeroCopy;

namespace ChunkProxy.Cache.Tests.ZeroCopy;

public sealed class UnsentLimitTests
{
    private const int MiB = 1024 * 1024;

    [Theory]
    [InlineData(1, 200 * MiB, UnsentLimit.Most)]
    [InlineData(2, 200 * MiB, UnsentLimit.Most)]
    [InlineData(8, 200 * MiB, 2 * MiB / 8)]
    [InlineData(100, 200 * MiB, UnsentLimit.Least)]
    [InlineData(1, MiB, UnsentLimit.Least)]
    [InlineData(1, long.MaxValue, UnsentLimit.Most)]
    public void Open_TheLastOfSome_SharesTheMemory(int connections, long memory, int expected)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The limit is a Linux socket option.");
        var limit = new UnsentLimit(memory);
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);

        for (var i = 0; i < connections; i++)
        {
            limit.Open(socket);
        }

        Assert.Equal(expected, Of(socket));
    }

    [Fact]
    public void Close_OfOthers_NewConnectionHasMoreAgain()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The limit is a Linux socket option.");
        var limit = new UnsentLimit(memory: 100 * MiB);
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        limit.Open(socket);
        limit.Open(socket);
        Assert.Equal(MiB / 2, Of(socket));

        limit.Close();
        limit.Close();
        limit.Open(socket);

        Assert.Equal(MiB, Of(socket));
    }

    private static int Of(Socket socket)
    {
        var option = new byte[sizeof(int)];
        socket.GetRawSocketOption(6, 25, option); // TCP_NOTSENT_LOWAT
        return BitConverter.ToInt32(option);
    }
}
