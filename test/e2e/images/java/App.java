import com.azure.core.credential.TokenRequestContext;
import com.azure.identity.DefaultAzureCredentialBuilder;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Base64;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** An application in a pod, with the unmodified Java SDK. What it reads and prints: ../README.md. */
public final class App {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final String AUDIENCE = System.getenv("AUDIENCE");
    private static final String TARGET_URL = System.getenv().getOrDefault("TARGET_URL", "");
    private static final long INTERVAL_MILLISECONDS = 200;
    private static final int ASKS_A_LINE = 5;

    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Answer(JsonNode claims, Integer status, String body) {
        /** Nothing when there is none. */
        String failure() {
            return status == null || status == 200 ? null : status + " " + body;
        }
    }

    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Progress(int asked, int failed, String error) {
        Progress after(String failure) {
            return failure == null
                    ? new Progress(asked + 1, failed, error)
                    : new Progress(asked + 1, failed + 1, failure);
        }
    }

    private static Answer ask() throws IOException, InterruptedException {
        var credential = new DefaultAzureCredentialBuilder().disableInstanceDiscovery().build();
        var request = new TokenRequestContext().addScopes(AUDIENCE + "/.default");
        var token = credential.getTokenSync(request).getToken();
        var claims = JSON.readTree(Base64.getUrlDecoder().decode(token.split("\\.")[1]));
        if (TARGET_URL.isEmpty()) {
            return new Answer(claims, null, null);
        }
        var call = HttpRequest.newBuilder(URI.create(TARGET_URL)).header("authorization", "Bearer " + token).build();
        var response = HTTP.send(call, BodyHandlers.ofString());
        return new Answer(claims, response.statusCode(), response.body());
    }

    private static int once() throws IOException, InterruptedException {
        var answer = ask();
        show(answer);
        return answer.failure() == null ? 0 : 1;
    }

    private static int loop() throws JsonProcessingException, InterruptedException {
        for (var progress = new Progress(0, 0, null); ; ) {
            progress = progress.after(failureOfAsking());
            if (progress.asked() % ASKS_A_LINE == 0) {
                show(progress);
            }
            Thread.sleep(INTERVAL_MILLISECONDS);
        }
    }

    private static String failureOfAsking() throws InterruptedException {
        try {
            return ask().failure();
        } catch (IOException | RuntimeException error) {
            return wordsOf(error);
        }
    }

    /** With those of its causes: the SDK has the endpoint's own words there. */
    private static String wordsOf(Throwable error) {
        var messages = Stream.iterate(error, Objects::nonNull, Throwable::getCause).map(Throwable::getMessage);
        return messages.collect(Collectors.joining("\nCaused by: "));
    }

    private static void show(Object line) throws JsonProcessingException {
        System.out.println(JSON.writeValueAsString(line));
    }

    private static int run(String mode) throws IOException, InterruptedException {
        return switch (mode) {
            case "once" -> once();
            case "loop" -> loop();
            default -> throw new IllegalArgumentException("usage: app once|loop");
        };
    }

    public static void main(String[] arguments) throws JsonProcessingException {
        try {
            // Netty's event loops are no daemon threads.
            System.exit(run(String.join(" ", arguments)));
        } catch (IOException | InterruptedException | RuntimeException error) {
            show(Map.of("error", wordsOf(error)));
            System.exit(1);
        }
    }
}
