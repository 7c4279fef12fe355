using System.Globalization;
using System.Net;
using System.Text;

namespace ChunkProxy.Testing.Scripted;

/// <summary>The status, header section and body range of a response, decided before anything is sent.</summary>
internal sealed record ResponsePlan(int Status, IReadOnlyList<KeyValuePair<string, string>> Headers, long BodyStart, long BodyLength, string? Text)
{
    public string HeaderSection()
    {
        var text = new StringBuilder();
        foreach (var (name, value) in Headers)
        {
            text.Append(name).Append(": ").Append(value).Append("\r\n");
        }

        return text.Append("\r\n").ToString();
    }

    public static ResponsePlan For(OriginRequest request, OriginAnswer answer)
    {
        var headers = new List<KeyValuePair<string, string>>();
        if (answer.Status is { } status && (int)status is not (200 or 206))
        {
            return WithText(request, answer, headers, (int)status);
        }

        if (request.Method is not ("GET" or "HEAD") || (request.Method == "HEAD" && answer.RefusesHead))
        {
            headers.Add(new("Allow", answer.RefusesHead ? "GET" : "GET, HEAD"));
            return WithText(request, answer, headers, (int)HttpStatusCode.MethodNotAllowed);
        }

        var condition = answer.IgnoresConditions ? 200 : Conditions.StatusOf(request, answer);
        if (condition == 412)
        {
            return WithText(request, answer, headers, condition);
        }

        AddValidators(headers, answer);
        if (condition == 304)
        {
            return new ResponsePlan(condition, [.. headers, .. answer.Headers], 0, 0, null);
        }

        return Content(request, answer, headers);
    }

    private static ResponsePlan Content(OriginRequest request, OriginAnswer answer, List<KeyValuePair<string, string>> headers)
    {
        var range = answer.IgnoresRange || request.Method == "HEAD" || (!answer.IgnoresConditions && !Conditions.RangeApplies(request, answer))
            ? RequestedRange.Everything(answer.Size)
            : RequestedRange.Parse(request.Range, answer.Size);
        if (range.IsUnsatisfiable)
        {
            headers.Add(new("Content-Range", $"bytes */{Number(answer.Size)}"));
            return WithText(request, answer, headers, (int)HttpStatusCode.RequestedRangeNotSatisfiable);
        }

        if (range.IsPartial && answer.LongestPart is { } most)
        {
            range = range with { End = Math.Min(range.End, range.Start + most) };
        }

        headers.Add(new("Content-Type", answer.ContentType));
        headers.Add(new("Accept-Ranges", "bytes"));
        if (range.IsPartial)
        {
            headers.Add(new("Content-Range", answer.ContentRange ?? $"bytes {Number(range.Start)}-{Number(range.End - 1)}/{Number(answer.Size)}"));
        }

        headers.Add(
            answer.Chunked
                ? new("Transfer-Encoding", "chunked")
                : new("Content-Length", Number(range.End - range.Start + answer.ContentLengthError)));
        headers.AddRange(answer.Headers);
        var length = request.Method == "HEAD" ? 0 : range.End - range.Start;
        return new ResponsePlan(range.IsPartial ? 206 : 200, headers, range.Start + answer.ShiftBody, length, null);
    }

    private static ResponsePlan WithText(OriginRequest request, OriginAnswer answer, List<KeyValuePair<string, string>> headers, int status)
    {
        var text = $"scripted {Number(status)}\n";
        headers.Add(new("Content-Type", "text/plain"));
        headers.Add(new("Content-Length", Number(text.Length)));
        headers.AddRange(answer.Headers);
        return new ResponsePlan(status, headers, 0, 0, request.Method == "HEAD" ? null : text);
    }

    private static void AddValidators(List<KeyValuePair<string, string>> headers, OriginAnswer answer)
    {
        if (answer.ETag is { } tag)
        {
            headers.Add(new("ETag", tag));
        }

        if (answer.LastModified is { } modified)
        {
            headers.Add(new("Last-Modified", modified.ToString("R", CultureInfo.InvariantCulture)));
        }
    }

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
