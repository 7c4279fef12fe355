using System.Net.Sockets;
using System.Text;
using ChunkProxy.Testing.Signals;

namespace ChunkProxy.Testing.Scripted;

/// <summary>A client's connection to a <see cref="ScriptedOrigin"/>. Serves requests one after another.</summary>
internal sealed class OriginConnection(Socket socket, int number, ScriptedOrigin origin, ChangeSignal changed, TimeProvider time, CancellationToken stop)
{
    private const int BlockSize = 64 * 1024;
    private const int PacedBlockSize = 8 * 1024; // 4 ms at 2 MiB/s
    private const int HeaderLimit = 256 * 1024;

    private readonly byte[] _input = new byte[HeaderLimit];
    private readonly byte[] _block = new byte[BlockSize];
    private int _buffered;

    public async Task ServeAsync()
    {
        while (await ReadRequestAsync() is { } request)
        {
            var answer = origin.AnswerTo(request);
            try
            {
                if (!await AnswerAsync(request, answer))
                {
                    return;
                }
            }
            finally
            {
                request.Ended();
            }
        }
    }

    // A cache's requests have no body.
    private async Task<OriginRequest?> ReadRequestAsync()
    {
        int end;
        while ((end = _input.AsSpan(0, _buffered).IndexOf("\r\n\r\n"u8)) < 0)
        {
            var read = await socket.ReceiveAsync(_input.AsMemory(_buffered), stop);
            if (read == 0)
            {
                return null;
            }

            _buffered += read;
        }

        var lines = Encoding.Latin1.GetString(_input, 0, end).Split("\r\n");
        _buffered -= end + 4;
        Array.Copy(_input, end + 4, _input, 0, _buffered);

        var target = lines[0].Split(' ');
        var headers = lines.Skip(1)
            .Select(line => line.Split(':', 2))
            .Select(field => KeyValuePair.Create(field[0], field[1].Trim()))
            .ToList();
        return new OriginRequest(changed, target[0], target[1], headers, number);
    }

    /// <summary>Returns whether the connection can carry another response.</summary>
    private async Task<bool> AnswerAsync(OriginRequest request, OriginAnswer answer)
    {
        if (answer.HoldAnswer is { } holdAnswer && !await PassAsync(holdAnswer))
        {
            return false;
        }

        if (answer.Raw is { } raw)
        {
            await SendAsync(raw);
            await CloseAsync();
            return false;
        }

        var plan = ResponsePlan.For(request, answer);
        request.Answered(plan.Status, plan.BodyStart);
        await SendAsync(Encoding.Latin1.GetBytes($"HTTP/1.1 {plan.Status} Scripted\r\n"));
        if (answer.HoldHeaders is { } holdHeaders && !await PassAsync(holdHeaders))
        {
            return false;
        }

        await SendAsync(Encoding.Latin1.GetBytes(plan.HeaderSection() + plan.Text));
        return await SendBodyAsync(request, answer, plan);
    }

    private async Task<bool> SendBodyAsync(OriginRequest request, OriginAnswer answer, ResponsePlan plan)
    {
        var started = time.GetTimestamp();
        for (long sent = 0; sent < plan.BodyLength;)
        {
            if (answer.Stall is { } stall && sent == answer.StallAfter && !await PassAsync(stall))
            {
                return false;
            }

            if (sent == answer.DropAfter)
            {
                await DropAsync(answer);
                return false;
            }

            var length = Math.Min(answer.BytesPerSecond is null ? BlockSize : PacedBlockSize, plan.BodyLength - sent);
            foreach (var mark in (ReadOnlySpan<long?>)[answer.DropAfter, answer.Stall is null ? null : answer.StallAfter])
            {
                length = mark > sent ? Math.Min(length, mark.Value - sent) : length;
            }

            answer.Fill(plan.BodyStart + sent, _block.AsSpan(0, (int)length));
            request.Sent((int)length); // count before sending, so that a receiver never sees bytes that are not counted
            await SendBlockAsync((int)length, answer.Chunked);
            sent += length;
            await PaceAsync(answer.BytesPerSecond, sent, started);
        }

        if (plan.BodyLength == answer.DropAfter)
        {
            await DropAsync(answer);
            return false;
        }

        if (answer.Chunked && plan.BodyLength > 0)
        {
            await SendAsync("0\r\n\r\n"u8.ToArray());
        }

        if (answer.ContentLengthError != 0)
        {
            await CloseAsync();
            return false;
        }

        return true;
    }

    private async Task SendBlockAsync(int length, bool chunked)
    {
        if (chunked)
        {
            await SendAsync(Encoding.ASCII.GetBytes($"{length:x}\r\n"));
        }

        await SendAsync(_block.AsMemory(0, length));
        if (chunked)
        {
            await SendAsync("\r\n"u8.ToArray());
        }
    }

    private async Task PaceAsync(long? bytesPerSecond, long sent, long started)
    {
        if (bytesPerSecond is { } rate)
        {
            var ahead = TimeSpan.FromSeconds((double)sent / rate) - time.GetElapsedTime(started);
            if (ahead > TimeSpan.Zero)
            {
                await Task.Delay(ahead, time, stop);
            }
        }
    }

    /// <summary>Waits at a gate; returns false if the client disconnected meanwhile.</summary>
    private async Task<bool> PassAsync(Gate gate)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var passed = gate.PassAsync(over.Token);
        var gone = socket.ReceiveAsync(_input.AsMemory(_buffered, 1), SocketFlags.Peek, over.Token).AsTask();
        await Task.WhenAny(passed, gone);
        var mayGoOn = passed.IsCompleted || (gone.IsCompletedSuccessfully && gone.Result > 0);
        if (mayGoOn)
        {
            await passed;
        }

        await over.CancelAsync();
        await Task.WhenAll(passed, gone).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        return mayGoOn;
    }

    private Task DropAsync(OriginAnswer answer)
    {
        if (!answer.DropsByReset)
        {
            return CloseAsync();
        }

        socket.Close(0); // linger 0 makes the close a reset
        return Task.CompletedTask;
    }

    // Closes gracefully, so that everything sent arrives: shuts down sending, then waits for the client to close.
    private async Task CloseAsync()
    {
        socket.Shutdown(SocketShutdown.Send);
        while (await socket.ReceiveAsync(_input.AsMemory(), stop) > 0)
        {
        }
    }

    private async Task SendAsync(ReadOnlyMemory<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            bytes = bytes[await socket.SendAsync(bytes, stop)..];
        }
    }
}
